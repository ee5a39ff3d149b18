// Now and then the sweep asks whether complaints or bounces have reached the bounds of the policy; what trips is said once,
// and holds its mails back from the next claim on.
import type { Logger } from 'pino';
import { judgeBreakers } from '../db/breakers.ts';
import type { Db } from '../db/connect.ts';
import { identify } from '../mail/identity.ts';
import type { Applied, Post } from './io.ts';

interface BreakerDeps {
  readonly db: Db;
  readonly post: Pick<Post, 'identity'>;
  readonly log: Logger;
  applied(): Promise<Applied>;
}

export function openBreakers({ db, post, log, applied }: BreakerDeps): (now: number) => Promise<void> {
  return async (now) => {
    const { policy } = await applied();
    const domainOf = (topic: string | null) => identify(post.identity, policy, topic).domain;
    const domains = Object.fromEntries(Object.keys(policy.topics).map((topic) => [topic, domainOf(topic)]));
    const judging = { breakers: policy.breakers, domains, otherDomain: domainOf(null), now };
    for (const { scope, state, why } of await judgeBreakers(db, judging)) {
      if (state === 'paused') log.error({ scope, why }, 'mail is paused: see `voronka breaker list`');
      else log.warn({ scope, why }, 'complaints or bounces are near the bound at which mail is paused');
    }
  };
}

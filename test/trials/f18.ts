// F18: no call reaches a private listener: not by an address in any of its spellings, not by a name that leads there, not
// by a name that changes its mind between two questions, and not by a redirect. The listener counts connections and
// bytes; a host that the operator names reaches it, so that it is known to count.
import { openCaller } from '../../workers/webhook.ts';
import { openHook } from '../harness/hook.ts';
import { type Dice, openDice } from './dice.ts';
import { hiddenAddresses, spellings } from './f18-spellings.ts';
import { definePureTrial } from './trial.ts';

export interface CallTrial {
  readonly seed: number;
  /** Random addresses, each in every spelling. */
  readonly addresses: number;
}
export type CallReport = {
  readonly attempts: number;
  /** Answers of the caller, by what they were. */
  readonly refused: number;
  readonly others: number;
  readonly bytes: number;
  readonly connections: number;
  /** How often a name that changes was resolved for one call; and the bytes that the control brought. */
  readonly resolved: number;
  readonly controlBytes: number;
};

export const f18 = definePureTrial({
  name: 'F18',
  says: 'calls to private addresses in every spelling, by rebinding names and by redirects: bytes to a private listener 0',
  options: { addresses: 300 },
  run: (options): Promise<CallReport> => runCalls(options),
  isMet: ({ bytes, connections, resolved, controlBytes }) =>
    bytes + connections === 0 && resolved === 1 && controlBytes > 0,
});

export async function runCalls({ seed, addresses }: CallTrial): Promise<CallReport> {
  const dice = openDice(seed);
  const secret = await openHook();
  const redirecting = await openHook((_, count) => ({
    status: [301, 302, 303, 307, 308][count % 5] ?? 302,
    headers: { location: `http://127.0.0.1:${secret.port}/latest/meta-data` },
  }));
  const outcomes: string[] = [];
  const call = async (url: string, found: readonly (readonly string[])[], hosts: readonly string[] = []) => {
    let asked = 0;
    const resolve = async () => found[Math.min(asked++, found.length - 1)] ?? [];
    const caller = openCaller({ keys: [Buffer.alloc(32)], hosts, resolve });
    const delivery = { id: '1', workflow: 'w', node: 'n', attempt: 1, createdAt: 0, expiresAt: 1e13 };
    // An operator's host answers, however busy the machine is; nobody else needs to.
    const request = { url, fields: {}, timeoutMs: hosts.length > 0 ? 60_000 : 200 };
    const facts = { contact: {}, deal: null };
    const outcome = await caller.call(request, { delivery: delivery as never, facts, now: 0 });
    outcomes.push(outcome.is);
    return asked;
  };
  try {
    for (const host of hostsOf(dice, addresses))
      for (const scheme of ['https', 'http'])
        await call(`${scheme}://${host}:${secret.port}/`, [['127.0.0.1']]);
    for (const address of hiddenAddresses) {
      await call(`https://crm.example:${secret.port}/`, [[address]]);
      await call(`https://crm.example:${secret.port}/`, [['93.184.216.34', address]]);
    }
    // 2000::1 is public by its number, and nobody's.
    const resolved = await call(`https://crm.example:${secret.port}/`, [['2000::1'], ['127.0.0.1']]);
    for (let i = 0; i < 5; i++)
      await call(`http://crm.example:${redirecting.port}/`, [['127.0.0.1']], ['crm.example']);
    const [bytes, connections] = [secret.bytes(), secret.connections()];
    await call(`http://crm.example:${secret.port}/`, [['127.0.0.1']], ['crm.example']);
    const refused = outcomes.filter((is) => is === 'refused').length;
    return {
      attempts: outcomes.length,
      refused,
      others: outcomes.length - refused,
      bytes,
      connections,
      resolved,
      controlBytes: secret.bytes() - bytes,
    };
  } finally {
    await secret.close();
    await redirecting.close();
  }
}

/** The loopback that listens, and random addresses of every private block. */
function hostsOf(dice: Dice, addresses: number): string[] {
  const blocks = [
    () => [127, dice.below(256), dice.below(256), dice.below(256)],
    () => [10, dice.below(256), dice.below(256), dice.below(256)],
    () => [100, 64 + dice.below(64), dice.below(256), dice.below(256)],
    () => [169, 254, dice.below(256), dice.below(256)],
    () => [172, 16 + dice.below(16), dice.below(256), dice.below(256)],
    () => [192, 168, dice.below(256), dice.below(256)],
    () => [224 + dice.below(32), dice.below(256), dice.below(256), dice.below(256)],
  ];
  const drawn = Array.from({ length: addresses }, () => blocks[dice.below(blocks.length)]?.() ?? []);
  return [[127, 0, 0, 1], [0, 0, 0, 0], [169, 254, 169, 254], ...drawn].flatMap(spellings);
}

// The people of the season as readers: some press "unsubscribe" in a mail, by the header's one click, as a mail program
// would: they read it from the source of the mail that reached them, and send the POST to wherever it leads.
import type { Catcher } from '../../mail/catcher.ts';
import { throwDice } from './dice.ts';
import type { Person } from './people.ts';
import type { Act } from './play.ts';

export interface Crowd {
  /** What people will do about the mails that came since it was last asked. */
  answer(now: number): Act[];
  /** How many pressed, and were heard. */
  left(): number;
}

const hourMs = 3_600_000;

export function openCrowd(people: readonly Person[], catcher: Catcher | null, seed: string): Crowd {
  const leavers = new Map(people.filter((one) => one.leavesAtMail !== null).map((one) => [one.email, one]));
  const received = new Map<string, number>();
  let seen = 0;
  let left = 0;
  const press = async (mailId: string) => {
    const mail = await catcher?.message(mailId);
    const link = mail && findOneClick(mail.source);
    if (!link) return;
    const answer = await fetch(link, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    if (!answer.ok) throw new Error(`an unsubscribe was answered with ${answer.status}`);
    left += 1;
  };
  return {
    answer(now) {
      if (catcher === null || leavers.size === 0 || catcher.accepted === seen) return [];
      const fresh = catcher.messages().slice(0, catcher.accepted - seen);
      seen = catcher.accepted;
      return fresh.reverse().flatMap(({ id, to }) => {
        const person = leavers.get(addressIn(to));
        if (person === undefined) return [];
        const count = (received.get(person.id) ?? 0) + 1;
        received.set(person.id, count);
        if (count !== person.leavesAtMail) return [];
        const delay = throwDice(`${seed}/leave/${person.id}`).between(1, 40) * hourMs;
        return [{ at: now + delay, perform: () => press(id) }];
      });
    },
    left: () => left,
  };
}

/** `Anna Adams <anna@acme.example>` or the bare address. */
function addressIn(header: string): string {
  return /<([^>]+)>\s*$/.exec(header)?.[1] ?? header.trim();
}

/** The https part of List-Unsubscribe (RFC 8058), out of folded headers; null where the mail has none. */
function findOneClick(source: string): string | null {
  const head = source.slice(0, source.search(/\r?\n\r?\n/)).replace(/\r?\n[ \t]+/g, ' ');
  return /^list-unsubscribe:.*?<(https?:[^>]+)>/im.exec(head)?.[1] ?? null;
}

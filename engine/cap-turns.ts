// When a mail leaves under the frequency caps of policy.yaml, reckoned from the mails before it: what the ledger's claim does
// with rows (db/claim-rules.ts), for a rehearsal. Breaks if the two count differently. Pure.
import { tellDuration } from './duration.ts';
import type { Cap } from './policy.ts';

/** Marketing mail; transactional mail neither counts nor waits. */
export interface CappedMail {
  readonly topic: string;
  readonly at: number;
}

export interface Turn {
  readonly at: number;
  /** The cap that it waits for last; null: it leaves at once. */
  readonly cap: Cap | null;
}

/** `before`: when each mail before it leaves. */
export function turnOf(mail: CappedMail, before: readonly CappedMail[], caps: readonly Cap[]): Turn {
  const own = caps.filter((cap) => cap.topic === null || cap.topic === mail.topic);
  let turn: Turn = { at: mail.at, cap: null };
  for (;;) {
    const { at } = turn;
    const later = own.flatMap((cap) => {
      const until = freeAt(cap, before, at);
      return until > at ? [{ at: until, cap }] : [];
    });
    const last = later.reduce<Turn | null>(
      (most, one) => (most !== null && most.at >= one.at ? most : one),
      null,
    );
    if (last === null) return turn;
    turn = last;
  }
}

/** The instant from `at` on at which this cap lets one more through. */
function freeAt({ topic, count, ms }: Cap, before: readonly CappedMail[], at: number): number {
  const counted = before
    .filter((one) => (topic === null || one.topic === topic) && one.at <= at && one.at > at - ms)
    .sort((a, b) => b.at - a.at);
  const oldest = counted[count - 1];
  return oldest === undefined ? at : oldest.at + ms;
}

/** `one contact gets at most 6 mails in 7 days`. */
export function tellCap({ topic, count, ms }: Cap): string {
  const days = ms / 86_400_000;
  const time = days === 1 ? 'a day' : tellDuration(Number.isInteger(days) ? `P${days}D` : `PT${ms / 1000}S`);
  return `one contact gets at most ${count} ${count === 1 ? 'mail' : 'mails'}${topic === null ? '' : ` of ${topic}`} in ${time}`;
}

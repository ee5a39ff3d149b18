// F19: tokens that nobody signed. Bits flipped, purposes swapped, keys that are gone or never were, ids exchanged between
// two tokens that are ours: every reader of every purpose is asked, and none may believe one.
import { type Key, sign, signAddress } from '../../mail/links.ts';
import {
  readConfirm,
  readFormLink,
  readMessageId,
  readPreferences,
  readReturnPath,
  readSurveyLink,
  readTaskLink,
  readUnsubscribe,
} from '../../mail/marks.ts';
import { readClick, readOpen } from '../../mail/tracking.ts';
import { type Dice, openDice } from './dice.ts';
import { definePureTrial } from './trial.ts';

const keys: readonly Key[] = [
  { id: 'new1', secret: 'the secret that signs today, long enough' },
  { id: 'old1', secret: 'the secret that signed before, long enough' },
];
const gone: Key = { id: 'new1', secret: 'a secret that is no longer among them' };

interface Purpose {
  readonly make: (id: number, with_: readonly Key[]) => string;
  /** null: refused. */
  readonly read: (token: string) => unknown;
  /** Case is folded by relays, and so by us: no forgery. */
  readonly foldsCase: boolean;
}
const linked = (purpose: string, idOf: (id: number) => string, read: Purpose['read']): Purpose => ({
  make: (id, by) => sign(purpose, idOf(id), by),
  read,
  foldsCase: false,
});
const addressed = (purpose: string, read: Purpose['read']): Purpose => ({
  make: (id, by) => signAddress(purpose, String(id), by),
  read,
  foldsCase: true,
});
const purposes: readonly Purpose[] = [
  linked(
    'click',
    (id) => `${id}:t${id}`,
    (token) => readClick(token, keys),
  ),
  linked('open', String, (token) => readOpen(token, keys)),
  linked(
    'unsubscribe',
    (id) => `${id}:marketing:${id}`,
    (token) => readUnsubscribe(token, keys),
  ),
  linked('preferences', String, (token) => readPreferences(token, keys)),
  linked('survey', String, (token) => readSurveyLink(token, keys)),
  linked(
    'form',
    (id) => `${id}:bant`,
    (token) => readFormLink(token, keys),
  ),
  linked(
    'task',
    (id) => `${id}:olga`,
    (token) => readTaskLink(token, keys),
  ),
  linked(
    'confirm',
    (id) => `${id}:${id}`,
    (token) => readConfirm(token, keys),
  ),
  addressed('message', (token) => readMessageId(`<${token}@acme.example>`, keys)),
  addressed('bounce', (token) => readReturnPath(`b+${token}@bounce.acme.example`, keys)),
  addressed('leave', (token) => readReturnPath(`u+${token}@bounce.acme.example`, keys)),
];

export interface TokenReport {
  readonly [figure: string]: unknown;
  readonly forgeries: number;
  readonly accepted: number;
  /** Ours, asked between them: all must be believed. */
  readonly genuine: number;
  readonly refused: number;
}

export async function runForgeries({
  forgeries,
  seed,
}: {
  forgeries: number;
  seed: number;
}): Promise<TokenReport> {
  const dice = openDice(seed);
  let [accepted, genuine, refused] = [0, 0, 0];
  for (let n = 0; n < forgeries; n += 1) {
    const at = dice.below(purposes.length);
    const { make, read, foldsCase } = purposes[at] as Purpose;
    const id = 1 + dice.below(1_000_000);
    const token = make(id, dice.below(2) === 0 ? keys : keys.slice(1));
    genuine += 1;
    if (read(token) === null) refused += 1;
    const forged = forge(dice, token, at, id);
    const isSame = forged === token || (foldsCase && forged.toLowerCase() === token.toLowerCase());
    if (!isSame && read(forged) !== null) accepted += 1;
  }
  return { forgeries, accepted, genuine, refused };
}

function forge(dice: Dice, token: string, at: number, id: number): string {
  const other = purposes[(at + 1 + dice.below(purposes.length - 1)) % purposes.length] as Purpose;
  const own = purposes[at] as Purpose;
  const ways: readonly (() => string)[] = [
    () => flip(dice, token),
    () => flip(dice, token),
    () => other.make(id, keys),
    () => own.make(id, [gone]),
    () => own.make(id, [{ id: 'old1', secret: gone.secret }]),
    // The signature of one, the id of another.
    () => splice(own.make(id + 1, keys), token),
    () => token.slice(0, -1 - dice.below(8)),
    () => `${token}${'A0_-'[dice.below(4)]}`,
    () => token.replace(/\.[^.]*$/, '.'),
    () => token.split('.').reverse().join('.'),
  ];
  return (ways[dice.below(ways.length)] as () => string)();
}

function flip(dice: Dice, token: string): string {
  const bytes = Buffer.from(token, 'latin1');
  const at = dice.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(7));
  return bytes.toString('latin1');
}

function splice(body: string, signature: string): string {
  return `${body.slice(0, body.lastIndexOf('.'))}${signature.slice(signature.lastIndexOf('.'))}`;
}

export const f19 = definePureTrial({
  name: 'F19',
  says: 'forged tokens of every purpose: accepted 0, and none of ours refused',
  options: { forgeries: 100_000 },
  run: runForgeries,
  isMet: ({ accepted, refused }) => accepted === 0 && refused === 0,
});

// The people of the season: invented names and companies, Russian and English, at addresses under .example, which
// never exist (RFC 2606). Some addresses are dead; the catcher refuses those, as a real server would.
import type { Dice } from './dice.ts';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly company: string;
  readonly locale: 'en' | 'ru';
  readonly timezone: string;
  /** Hours ahead of UTC in the season's months, good enough to keep office hours. */
  readonly offset: number;
  readonly interest: 'cost' | 'time' | 'risk';
  readonly role: 'decides' | 'recommends' | 'uses';
  readonly employees: number;
  readonly source: 'form' | 'fair' | 'referral' | 'partner';
  readonly consents: boolean;
  /** A gateway before the mailbox follows every link. */
  readonly isGuarded: boolean;
  /** Presses "unsubscribe" in this mail, counted from 1; null: stays. */
  readonly leavesAtMail: number | null;
}

type Some<T> = readonly [T, ...T[]];

const english: Some<string> = [
  'Anna',
  'Ben',
  'Clara',
  'David',
  'Emma',
  'Finn',
  'Grace',
  'Hugo',
  'Ida',
  'Jack',
  'Lena',
  'Mark',
  'Nora',
  'Oscar',
  'Paula',
  'Ruth',
  'Sam',
  'Tess',
];
const englishLast: Some<string> = [
  'Adams',
  'Baker',
  'Carter',
  'Dalton',
  'Ellis',
  'Fisher',
  'Grant',
  'Hughes',
  'Irving',
  'Keller',
  'Lang',
  'Moore',
  'Novak',
  'Porter',
  'Quinn',
  'Reed',
  "O'Neill",
];
const women: Some<string> = ['Анна', 'Ольга', 'Мария', 'Елена', 'Ирина', 'Светлана', 'Юлия', 'Дарья'];
const men: Some<string> = ['Иван', 'Сергей', 'Алексей', 'Дмитрий', 'Павел', 'Николай', 'Олег', 'Михаил'];
const russianLast: Some<string> = [
  'Иванов',
  'Смирнов',
  'Кузнецов',
  'Попов',
  'Соколов',
  'Лебедев',
  'Морозов',
  'Волков',
  'Зайцев',
  'Орлов',
];
const things: Some<string> = [
  'Pump',
  'Valve',
  'Steel',
  'Polymer',
  'Optics',
  'Freight',
  'Bakery',
  'Timber',
  'Cable',
  'Glass',
  'Paper',
  'Robot',
];
const kinds: Some<string> = ['works', 'group', 'trade', 'labs', 'supply', 'systems'];
const westernZones: Some<readonly [string, number]> = [
  ['Europe/Berlin', 1],
  ['Europe/London', 0],
  ['America/New_York', -5],
  ['Europe/Madrid', 1],
];
const easternZones: Some<readonly [string, number]> = [
  ['Europe/Moscow', 3],
  ['Asia/Yekaterinburg', 5],
  ['Asia/Novosibirsk', 7],
  ['Europe/Samara', 4],
];

/** Dead addresses are at domains of this form. */
export const isDead = (address: string): boolean => /@gone\.[^@]*\.example$/.test(address);

export function invent(number: number, dice: Dice): Person {
  const isRussian = dice.falls(0.45);
  const [first_name, last_name] = isRussian
    ? russianName(dice)
    : [dice.pick(english), dice.pick(englishLast)];
  const [timezone, offset] = dice.pick(isRussian ? easternZones : westernZones);
  const [thing, kind] = [dice.pick(things), dice.pick(kinds)];
  const host = `${dice.falls(0.05) ? 'gone.' : ''}${thing}-${kind}`.toLowerCase();
  return {
    id: `c-${number}`,
    email: `person.${number}@${host}.example`,
    first_name,
    last_name,
    company: `${thing} ${kind}`,
    locale: isRussian ? 'ru' : 'en',
    timezone,
    offset,
    interest: dice.pick(['cost', 'time', 'risk']),
    role: dice.pick(['decides', 'decides', 'recommends', 'uses']),
    employees: Math.max(2, Math.round(dice.around(120))),
    source: dice.pick(['form', 'form', 'fair', 'referral', 'partner']),
    consents: dice.falls(0.93),
    isGuarded: dice.falls(0.06),
    leavesAtMail: dice.falls(0.07) ? dice.between(1, 3) : null,
  };
}

function russianName(dice: Dice): readonly [string, string] {
  const last = dice.pick(russianLast);
  return dice.falls(0.5) ? [dice.pick(women), `${last}а`] : [dice.pick(men), last];
}

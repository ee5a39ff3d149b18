// The people of the season as readers of their mail: some open it, click, answer surveys and forms, confirm, write back, or
// press "unsubscribe" by the header's one click. They take every link from the mail that reached them. Some have a gateway
// before their mailbox, which follows every link at once. Drawn by the seed, the person, and the how-manieth mail it is.
import type { Catcher, CaughtMail, CaughtSummary } from '../../mail/catcher.ts';
import { press, visit } from './browser.ts';
import { type Dice, throwDice } from './dice.ts';
import { addressIn, type PageField, readFields, readMail } from './page-links.ts';
import type { Person } from './people.ts';
import type { Act } from './play.ts';

/** What people have done about their mail. */
export interface Deeds {
  opened: number;
  clicked: number;
  replied: number;
  surveys: number;
  forms: number;
  confirmed: number;
  left: number;
  /** Mails that a gateway went through. */
  scanned: number;
}

export interface Crowd {
  /** What people will do about the mails that came since it was last asked. */
  answer(now: number): Act[];
  readonly deeds: Deeds;
}

export interface CrowdOptions {
  readonly people: readonly Person[];
  readonly catcher: Catcher | null;
  readonly seed: string;
  /** Where the pages are. */
  readonly origin: string;
  /** Says in the API's form that somebody wrote back. */
  post(event: unknown): Promise<void>;
  now(): number;
}

const hourMs = 3_600_000;
const odds = { opens: 0.65, clicks: 0.48, replies: 0.06, survey: 0.92, form: 0.6, confirms: 0.8 };
/** Who has answered a survey or a form is in a conversation. */
const repliesLater = 0.6;

export function openCrowd(options: CrowdOptions): Crowd {
  const { people, catcher, seed } = options;
  const readers = new Map(people.map((one) => [one.email, one]));
  const received = new Map<string, number>();
  const deeds: Deeds = {
    ...{ opened: 0, clicked: 0, replied: 0, surveys: 0, forms: 0, confirmed: 0, left: 0, scanned: 0 },
  };
  const talking = new Set<string>();
  let seen = 0;
  const read = async (person: Person, summary: CaughtSummary, count: number, dice: Dice) => {
    const mail = await catcher?.message(summary.id);
    if (mail) await react({ ...options, person, mail, count, dice, deeds, talking });
  };
  return {
    deeds,
    answer(now) {
      if (catcher === null || readers.size === 0 || catcher.accepted === seen) return [];
      const fresh = catcher.messages().slice(0, catcher.accepted - seen);
      seen = catcher.accepted;
      // By address and words, not by arrival: which of two mails came first within a step is chance.
      const inOrder = fresh.sort((a, b) => (`${a.to}${a.subject}` < `${b.to}${b.subject}` ? -1 : 1));
      return inOrder.flatMap((summary) => {
        const person = readers.get(addressIn(summary.to));
        if (person === undefined) return [];
        const count = (received.get(person.id) ?? 0) + 1;
        received.set(person.id, count);
        const dice = throwDice(`${seed}/mail/${person.id}/${count}`);
        const delay = (person.isGuarded ? 0 : dice.around(7)) * hourMs;
        return [{ at: now + delay, perform: () => read(person, summary, count, dice) }];
      });
    },
  };
}

interface Reading extends CrowdOptions {
  readonly person: Person;
  readonly mail: CaughtMail;
  /** Of all that reached this person. */
  readonly count: number;
  readonly dice: Dice;
  readonly deeds: Deeds;
  /** Who has answered something before. */
  readonly talking: Set<string>;
}

async function react(reading: Reading): Promise<void> {
  const { person, mail, count, dice, deeds, origin, talking } = reading;
  const found = readMail(mail.html ?? '', origin);
  if (person.isGuarded) {
    for (const link of [...found.links, found.hidden]) if (link !== null) await visit(link, 'gateway');
    deeds.scanned += 1;
  }
  if (count === person.leavesAtMail) return leave(reading);
  if (found.confirm !== null) return confirm(found.confirm, reading);
  if (found.survey !== null) return answerSurvey(found.survey, reading);
  if (!dice.falls(odds.opens)) return;
  if (found.picture !== null && !person.isGuarded) {
    await visit(found.picture, 'person');
    deeds.opened += 1;
  }
  if (found.form !== null && dice.falls(odds.form)) return fillIn(found.form, reading);
  const link = found.links[dice.between(0, found.links.length - 1)];
  if (link !== undefined && !person.isGuarded && dice.falls(odds.clicks)) {
    await visit(link, 'person');
    deeds.clicked += 1;
  }
  if (dice.falls(talking.has(person.id) ? repliesLater : odds.replies)) await writeBack(reading);
}

async function leave({ mail, deeds }: Reading): Promise<void> {
  const link = findOneClick(mail.source);
  if (link === null) return;
  await press(link, { 'List-Unsubscribe': 'One-Click' });
  deeds.left += 1;
}

async function confirm(url: string, { dice, deeds }: Reading): Promise<void> {
  if (!dice.falls(odds.confirms)) return;
  await visit(url, 'person');
  await press(url, {});
  deeds.confirmed += 1;
}

/** In turn, so that a small season has them all: four in ten are glad, three content, three not. */
const scores = [9, 4, 8, 10, 7, 2, 9, 8, 10, 6];

async function answerSurvey(url: string, { person, dice, deeds, talking }: Reading): Promise<void> {
  if (!dice.falls(odds.survey)) return;
  const score = scores[deeds.surveys % scores.length] ?? 9;
  await visit(`${url}?score=${score}`, 'person');
  if (await press(url, { score: String(score), comment: score < 7 ? 'Deliveries came late, twice.' : '' }))
    deeds.surveys += 1;
  talking.add(person.id);
}

/** As the page asks: what is chosen from is drawn, what is written is told in a line. */
async function fillIn(url: string, { person, dice, deeds, talking }: Reading): Promise<void> {
  const fields = readFields(await visit(url, 'person'));
  if (fields.length === 0) return;
  const words = person.locale === 'ru' ? 'Меньше незапланированных остановок' : 'Fewer unplanned stops';
  const answer = ({ values, value, isRequired }: PageField) => {
    if (values.length === 0) return value === '' ? words : value;
    const isAnswered = dice.falls(0.85) || (isRequired && value === '');
    return isAnswered ? (values[dice.between(0, Math.min(1, values.length - 1))] ?? '') : value;
  };
  if (await press(url, Object.fromEntries(fields.map((field) => [field.name, answer(field)]))))
    deeds.forms += 1;
  talking.add(person.id);
}

async function writeBack({ person, count, deeds, post, now }: Reading): Promise<void> {
  await post({
    id: `reply-${person.id}-${count}`,
    type: 'mail.replied',
    at: new Date(now()).toISOString(),
    contact: { id: person.id },
  });
  deeds.replied += 1;
}

/** The https part of List-Unsubscribe (RFC 8058), out of folded headers; null where the mail has none. */
function findOneClick(source: string): string | null {
  const head = source.slice(0, source.search(/\r?\n\r?\n/)).replace(/\r?\n[ \t]+/g, ' ');
  return /^list-unsubscribe:.*?<(https?:[^>]+)>/im.exec(head)?.[1] ?? null;
}

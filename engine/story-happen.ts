// What may stand in `when:` of a story: every event phrase that can happen, and a few things that only a story says. Who
// clicks or replies does so about the mail named, or the last one that left.
import { canHappen, type Doing, doingOf, type Standing } from './happen.ts';
import { isOfDeal, readPhrase } from './phrase.ts';
import { type Located, placeOfWord } from './source.ts';
import type { Fields, Json } from './step.ts';
import { readSubmission } from './story-form.ts';
import { type HappenScope, parseFact } from './story-given.ts';

/** One line of `when`, read: what happens when its time comes. */
export interface Happens {
  readonly isOfDeal: boolean;
  readonly about: string | null;
  happen(standing: Standing, at: number): Doing;
}

interface HappenKind {
  readonly form: string;
  readonly means: string;
  readonly pattern: RegExp;
  readonly isOfDeal: boolean;
  happen(standing: Standing, at: number): Doing;
}

const plain: readonly HappenKind[] = [
  {
    form: 'contact bounces',
    means: 'a mail comes back: the address is dead',
    pattern: /^contact bounces$/,
    isOfDeal: false,
    happen: () => ({ type: 'mail.bounced', data: { hard: true } }),
  },
  {
    form: 'contact complains',
    means: 'the contact calls a mail spam',
    pattern: /^contact complains$/,
    isOfDeal: false,
    happen: () => ({ type: 'mail.complained', data: {} }),
  },
  {
    form: 'deal is deleted',
    means: 'the CRM deletes the deal',
    pattern: /^deal is deleted$/,
    isOfDeal: true,
    happen: () => ({ type: 'deal.deleted', data: {} }),
  },
];

/** As the reference shows them, after the event phrases. */
export const storyHappenings: readonly Pick<HappenKind, 'form' | 'means'>[] = [
  {
    form: 'deal.<fact> becomes <value>',
    means: 'a fact changes; also of the contact, and to `now` or `unknown`',
  },
  {
    form: 'form "X" submitted with deal.<fact> = <value>, ...',
    means: 'the contact sends that form, and its answers are facts from then on',
  },
  ...plain,
];

const becomes = /^(?<path>(?:contact|deal)(?:\.[a-z0-9_-]+)+) becomes (?<value>.+)$/;

/** null where the line is none, which has been reported. */
export function readHappening(at: Located, scope: HappenScope): Happens | null {
  const { report, hasDeal } = scope;
  const text = typeof at.value === 'string' ? at.value.trim().replace(/\s+/g, ' ') : '';
  const change = becomes.exec(text)?.groups;
  if (change !== undefined) return readChange(at, change.path ?? '', change.value ?? '', scope);
  const submission = readSubmission(at, text, scope);
  if (submission !== undefined) return submission === null ? null : { ...submission, about: null };
  const kind = plain.find(({ pattern }) => pattern.test(text));
  if (kind !== undefined) return { ...kind, about: null };
  const phrase = readPhrase(at, scope);
  if (phrase === null) return null;
  if (!canHappen(phrase)) {
    report(
      'bad-story',
      at,
      `\`${text}\` comes with time alone`,
      'leave it out: the clock of a story brings it',
    );
    return null;
  }
  if (isOfDeal(phrase) && !hasDeal) {
    report('no-deal', at, 'this workflow runs for a contact without a deal');
    return null;
  }
  const { step } = phrase as { step?: string };
  return {
    isOfDeal: isOfDeal(phrase),
    about: step ?? null,
    happen: (standing) => doingOf(phrase, standing) ?? { type: 'contact.updated', data: {} },
  };
}

function readChange(at: Located, path: string, value: string, scope: HappenScope): Happens | null {
  const { report, catalogue, hasDeal } = scope;
  const [owner = '', ...names] = path.split('.');
  if (path === 'deal.stage') {
    report(
      'bad-story',
      at,
      'a stage is come to',
      `write \`deal.stage enters "${value.replace(/["']/g, '')}"\``,
    );
    return null;
  }
  if (owner === 'deal' && !hasDeal) {
    report('no-deal', at, 'this workflow runs for a contact without a deal');
    return null;
  }
  // `now` is when it happens, not when the story starts.
  const isNow = value === 'now';
  const parsed = parseFact(path, isNow ? '2026-01-12T09:00:00Z' : value, catalogue, scope.start);
  if ('message' in parsed) {
    const word = parsed.code === 'unknown-fact' ? path : value;
    report(parsed.code, placeOfWord(at, word), parsed.message, parsed.hint);
    return null;
  }
  const valueAt = (now: number): Json => (isNow ? new Date(now).toISOString() : parsed.value);
  return {
    isOfDeal: owner === 'deal',
    about: null,
    happen: (standing, now) => changeFact(owner as 'contact' | 'deal', names, valueAt(now), standing, now),
  };
}

function changeFact(
  owner: 'contact' | 'deal',
  names: readonly string[],
  value: Json,
  standing: Standing,
  now: number,
): Doing {
  const before = standing[owner] ?? {};
  const facts = {
    [owner]: { ...put(before, names, value), ...(owner === 'deal' ? { updated_at: now } : {}) },
  };
  if (owner === 'deal' && names[0] === 'owner')
    return { type: 'deal.owner_changed', data: { from: before.owner ?? null, to: value }, facts };
  return { type: `${owner}.updated`, data: {}, facts };
}

function put(fields: Fields, [name = '', ...rest]: readonly string[], value: Json): Fields {
  if (rest.length === 0) return { ...fields, [name]: value };
  return { ...fields, [name]: put((fields[name] ?? {}) as Fields, rest, value) };
}

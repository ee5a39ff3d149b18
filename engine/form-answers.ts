// What becomes of a form: when it may be answered, what its page shows, and how what the page sent is read by the types of
// the facts it asks for. Pure. What was shown and comes back as it was changes nothing.
import type { Pipeline } from './catalogue.ts';
import type { Form, FormQuestion } from './form.ts';
import type { Facts, Fields } from './step.ts';

/** What stands in a field of the page, and what is wrong with it. */
export interface Said {
  readonly text: string;
  readonly wrong: 'missing' | 'number' | 'choice' | 'long' | null;
}

/** By the fact. */
export type Page = { readonly [fact: string]: Said };

export const mostLetters = { line: 300, long: 4_000 } as const;

/** `open`: it may be answered; else why not. A form that asks of the deal needs one. */
export function standingOf(
  form: Form,
  deal: Fields | null,
  pipelines: readonly Pipeline[],
): 'open' | 'decided' | 'undecided' | 'gone' {
  if (deal === null) return form.questions.some(({ fact }) => fact.startsWith('deal.')) ? 'gone' : 'open';
  if (form.deal === 'any') return 'open';
  const isOver = isDecided(deal, pipelines);
  if (form.deal === 'open') return isOver ? 'decided' : 'open';
  return isOver ? 'open' : 'undecided';
}

function isDecided({ pipeline, stage }: Fields, pipelines: readonly Pipeline[]): boolean {
  const own = pipelines.find(({ name }) => name === pipeline);
  return own !== undefined && [...own.won, ...own.lost].includes(String(stage));
}

/** The page as it is first shown: with what is known already. */
export function pageOf(form: Form, facts: Facts): Page {
  return Object.fromEntries(
    form.questions.map((question) => [question.fact, { text: knownText(question, facts), wrong: null }]),
  );
}

/** What is known of it, as the page shows it; empty where it is not known, or is none of the choices. */
function knownText({ fact, choices }: FormQuestion, facts: Facts): string {
  const [owner, name = ''] = fact.split('.');
  const known = facts[owner as 'contact' | 'deal']?.[name];
  const text = known === undefined || known === null || typeof known === 'object' ? '' : String(known);
  return choices === null || choices.some(({ value }) => value === text) ? text : '';
}

/** What a page sent, cleaned and judged. `get` answers null for a field that it did not send. */
export function readPage(form: Form, get: (fact: string) => string | null): Page {
  return Object.fromEntries(
    form.questions.map((question) => {
      const text = (get(question.fact) ?? '').replace(/[\0\p{Cs}]/gu, '').trim();
      return [question.fact, { text, wrong: wrongOf(question, text) }];
    }),
  );
}

function wrongOf({ type, choices, isRequired, isLong }: FormQuestion, text: string): Said['wrong'] {
  if (text === '') return isRequired ? 'missing' : null;
  if (choices !== null) return choices.some(({ value }) => value === text) ? null : 'choice';
  if (type === 'boolean') return text === 'true' || text === 'false' ? null : 'choice';
  if (type === 'number') return toNumber(text) === null ? 'number' : null;
  return text.length > (isLong ? mostLetters.long : mostLetters.line) ? 'long' : null;
}

export function isSound(page: Page): boolean {
  return Object.values(page).every(({ wrong }) => wrong === null);
}

/** What the answers change; null empties. What was shown and is sent back changes nothing. */
export function changesOf(form: Form, page: Page, facts: Facts): { contact: Fields; deal: Fields } {
  const before = pageOf(form, facts);
  const changed = form.questions.filter(({ fact, type }) => {
    const [old, now] = [before[fact]?.text ?? '', page[fact]?.text ?? ''];
    return type === 'number' ? toNumber(old) !== toNumber(now) : old !== now;
  });
  const ofOwner = (owner: string) =>
    Object.fromEntries(
      changed
        .filter(({ fact }) => fact.startsWith(`${owner}.`))
        .map(({ fact, type }) => [fact.slice(owner.length + 1), toFact(type, page[fact]?.text ?? '')]),
    );
  return { contact: ofOwner('contact'), deal: ofOwner('deal') };
}

function toFact(type: FormQuestion['type'], text: string): string | number | boolean | null {
  if (text === '') return null;
  if (type === 'number') return toNumber(text);
  return type === 'boolean' ? text === 'true' : text;
}

/** `1 200`, `1200,5` and `1200.5`; null where it is none. */
function toNumber(text: string): number | null {
  const bare = text.replace(/[\s'’]/g, '').replace(',', '.');
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(bare) ? Number(bare) : null;
}

// `form "bant" submitted with deal.budget = set, contact.role = decides`: a form that is sent, in a story, with the answers
// that become facts, held against what forms.yaml declares where it declares that form.

import type { Form } from './form.ts';
import type { Doing, Standing } from './happen.ts';
import { readPhrase } from './phrase.ts';
import { name } from './phrase-kind.ts';
import { type Located, placeOfWord } from './source.ts';
import { suggest } from './spelling.ts';
import type { Fields, Json } from './step.ts';
import { type HappenScope, parseFact } from './story-given.ts';

const pattern = new RegExp(`^(?<phrase>form ${name('form')} submitted) with (?<answers>.+)$`);
const answer = /^(?<path>(?:contact|deal)\.[a-z0-9_]+) = (?<value>.+)$/;

/** What its answers do to the facts; undefined where the line is no such thing, null where that has been reported. */
export function readSubmission(
  at: Located,
  text: string,
  scope: HappenScope,
): { readonly isOfDeal: boolean; happen(standing: Standing, now: number): Doing } | null | undefined {
  const groups = pattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { form = '', answers = '', phrase = '' } = groups;
  const said = readPhrase({ ...at, value: phrase }, scope);
  const declared = scope.catalogue.forms[form];
  const facts: (readonly [path: string, value: Json])[] = [];
  for (const part of answers.split(/,\s+(?=(?:contact|deal)\.)/)) {
    const { path, value } = answer.exec(part)?.groups ?? {};
    if (path === undefined || value === undefined) {
      const message = `\`${part}\` is no answer`;
      scope.report(
        'bad-story',
        placeOfWord(at, part),
        message,
        'write `deal.budget = set, contact.role = decides`',
      );
      return null;
    }
    const parsed = parseFact(path, value, scope.catalogue, scope.start);
    const wrong = 'message' in parsed ? parsed : findWrong(declared, form, path, parsed.value);
    if (wrong !== null) {
      const word = wrong.code === 'unknown-fact' ? path : value;
      scope.report(wrong.code, placeOfWord(at, word), wrong.message, wrong.hint);
      return null;
    }
    if ('value' in parsed) facts.push([path, parsed.value]);
  }
  const isOfDeal = facts.some(([path]) => path.startsWith('deal.'));
  if (isOfDeal && !scope.hasDeal) {
    scope.report('no-deal', at, 'this workflow runs for a contact without a deal');
    return null;
  }
  if (said === null) return null;
  return { isOfDeal, happen: (standing, now) => submit(form, facts, standing, now) };
}

interface Wrong {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** An answer that the form does not ask for, or that is none of its choices. */
function findWrong(form: Form | undefined, named: string, path: string, value: Json): Wrong | null {
  if (form === undefined) return null;
  const asked = form.questions.map(({ fact }) => fact);
  const question = form.questions.find(({ fact }) => fact === path);
  if (question === undefined)
    return {
      code: 'unknown-fact',
      message: `the form "${named}" does not ask for ${path}`,
      hint: suggest(path, asked) ?? `it asks for ${asked.join(', ')}`,
    };
  const values = question.choices?.map((choice) => choice.value) ?? null;
  if (values === null || value === null || values.includes(String(value))) return null;
  return {
    code: 'wrong-value',
    message: `the form "${named}" has no answer "${String(value)}" for ${path}`,
    hint: suggest(String(value), values) ?? `it has ${values.join(', ')}`,
  };
}

function submit(
  form: string,
  facts: readonly (readonly [path: string, value: Json])[],
  standing: Standing,
  now: number,
): Doing {
  const of = (owner: 'contact' | 'deal'): Fields =>
    Object.fromEntries(
      facts
        .filter(([path]) => path.startsWith(`${owner}.`))
        .map(([path, value]) => [path.slice(owner.length + 1), value]),
    );
  const contact = { ...standing.contact, ...of('contact') };
  const deal = standing.deal === null ? {} : { deal: { ...standing.deal, ...of('deal'), updated_at: now } };
  return { type: 'form.submitted', data: { form }, facts: { contact, ...deal } };
}

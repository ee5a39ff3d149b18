// forms.yaml: short forms that a letter links to, whose answers become facts; and the names of the forms that a website
// sends by itself, so that a slip in `form "demo" submitted` can be told.
import { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import { defineDeclaration } from './declaration.ts';
import type { Report } from './diagnostic.ts';
import { builtInFacts } from './facts.ts';
import type { Form, FormQuestion, Texts } from './form.ts';
import { placeAt } from './read-values.ts';
import { id, text } from './shapes.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';

const words = z
  .record(z.string(), text)
  .refine((value) => Object.keys(value).length > 0, 'must have a language');

const question = z.strictObject({
  fact: z
    .string()
    .regex(/^(contact|deal)\.[a-z][a-z0-9_]*$/, 'is a field of facts.yaml: `contact.role` or `deal.budget`')
    .describe('The field of facts.yaml that the answer becomes: `deal.budget`.'),
  ask: words.describe('The question, by locale.'),
  hint: words.optional().describe('A line below it.'),
  choices: z
    .record(z.string(), words)
    .refine((value) => Object.keys(value).length > 1, 'needs at least two')
    .optional()
    .describe('The values that the fact may get, each with its words by locale; for a text.'),
  required: z.boolean().default(false).describe('Nothing is stored without it.'),
  long: z.boolean().default(false).describe('Room for more than a line; for a text.'),
});
type Question = z.output<typeof question>;

export const formsDeclaration = defineDeclaration({
  file: 'forms.yaml',
  isOwn: true,
  doc: {
    text: 'Short forms behind a letter’s link. Its template says `form: bant` in the head and links `{{ links.form }}`. The answers become facts of the contact and its deal, and `form "bant" submitted` is heard; they may be changed for 14 days. A question asks for a field of facts.yaml: a text, a number, yes or no (a boolean), or one of `choices`. `deal` says in which state the deal must be: `open` (the default), `decided` or `any`. `external` names the forms that your website sends as `form.submitted` by itself.',
    example:
      'forms:\n  needs:\n    title: { en: Two questions, ru: Два вопроса }\n    questions:\n      - fact: deal.need\n        ask: { en: What should change?, ru: Что должно измениться? }\n        long: true\n      - fact: deal.budget\n        ask: { en: Is there a budget?, ru: Есть ли бюджет? }\n        choices:\n          set: { en: "yes", ru: есть }\n          none: { en: not yet, ru: пока нет }\n    thanks: { en: "Thank you.", ru: Спасибо. }\nexternal: [demo, contact]\n',
  },
  shape: z.strictObject({
    forms: z
      .record(
        id('a name'),
        z.strictObject({
          title: words.describe('By locale: `en`, `ru`.'),
          intro: words.optional().describe('What stands above the questions.'),
          deal: z.enum(['open', 'decided', 'any']).default('open'),
          questions: z.array(question).min(1, 'needs a question'),
          thanks: words.describe('What is said once the answers are in.'),
        }),
      )
      .default({}),
    external: z.array(text).default([]),
  }),
  read(files, catalogue, report) {
    const forms: Record<string, Form> = {};
    for (const { source, root } of files)
      for (const [name, { questions, intro, ...form }] of Object.entries(source.forms)) {
        const at = placeAt(root, 'forms', name);
        const items = placeAt(at, 'questions').items;
        const read = questions.map((one, i) =>
          readQuestion(one, items[i] ?? at, form.deal, catalogue, report),
        );
        forms[name] = { ...form, intro: intro ?? null, questions: read };
        checkOnce(questions, items, report);
        checkLanguages(at, forms[name], localesOf(name, catalogue), report);
      }
    return { ...catalogue, forms, externalForms: files.flatMap(({ source }) => source.external) };
  },
});

function readQuestion(
  { required, long, choices, hint, ...asked }: Question,
  at: Located,
  deal: Form['deal'],
  catalogue: Catalogue,
  report: Report,
): FormQuestion {
  const type = typeOf(asked.fact, placeAt(at, 'fact'), catalogue, report);
  if (deal === 'open' && catalogue.afterOutcome.includes(asked.fact))
    report(
      'wrong-value',
      placeAt(at, 'fact'),
      `\`${asked.fact}\` is known only once the deal is decided, and this form is for open deals`,
      'write `deal: decided` in the form',
    );
  if (type !== 'text')
    for (const key of ['choices', 'long'])
      if (at.keys.has(key))
        report(
          'wrong-type',
          placeAt(at, key),
          `\`${key}\` is for a text, and \`${asked.fact}\` is a ${type}`,
        );
  const listed = Object.entries(choices ?? {}).map(([value, said]) => ({ value, words: said }));
  return {
    ...asked,
    type,
    hint: hint ?? null,
    choices: choices === undefined ? null : listed,
    isRequired: required,
    isLong: long,
  };
}

function typeOf(fact: string, at: Located, { facts }: Catalogue, report: Report): FormQuestion['type'] {
  const [owner, name = ''] = fact.split('.') as ['contact' | 'deal', string];
  const own = Object.keys(facts[owner]).filter((one) => builtInFacts[owner][one] === undefined);
  const type = facts[owner][name];
  if (type === undefined)
    report(
      'unknown-fact',
      at,
      `\`${owner}\` has no field \`${name}\``,
      suggest(name, own) ?? 'declare it in facts.yaml',
    );
  else if (!own.includes(name))
    report(
      'wrong-value',
      at,
      `\`${fact}\` is built in: a form asks for fields of facts.yaml`,
      `known: ${own.map((one) => `${owner}.${one}`).join(', ')}`,
    );
  else if (type === 'text' || type === 'number' || type === 'boolean') return type;
  else report('wrong-type', at, `\`${fact}\` is an instant`, 'a form asks for text, number or boolean');
  return 'text';
}

function checkOnce(questions: readonly Question[], items: readonly Located[], report: Report): void {
  for (const [i, { fact }] of questions.entries())
    if (questions.findIndex((one) => one.fact === fact) < i)
      report('wrong-value', placeAt(items[i] as Located, 'fact'), `\`${fact}\` is asked twice`);
}

/** Of the letters that link to it; a template for all other locales has none. */
function localesOf(form: string, { templates }: Catalogue): string[] {
  const own = Object.values(templates).filter((template) => template.form === form);
  return own.flatMap(({ locales }) => locales).filter((locale) => locale !== 'default');
}

/** A letter in one language and its form in another is a page that nobody answers. */
function checkLanguages(at: Located, form: Form, ofLetters: readonly string[], report: Report): void {
  const questions = placeAt(at, 'questions').items;
  const texts: (readonly [Texts | null, Located])[] = [
    [form.title, placeAt(at, 'title')],
    [form.intro, placeAt(at, 'intro')],
    [form.thanks, placeAt(at, 'thanks')],
    ...form.questions.flatMap(({ ask, hint, choices }, i): (readonly [Texts | null, Located])[] => {
      const own = questions[i] ?? at;
      const said = (choices ?? []).map(
        ({ value, words }) => [words, placeAt(own, 'choices', value)] as const,
      );
      return [[ask, placeAt(own, 'ask')], [hint, placeAt(own, 'hint')], ...said];
    }),
  ];
  const wanted = new Set([...texts.flatMap(([words]) => Object.keys(words ?? {})), ...ofLetters]);
  for (const [words, place] of texts) {
    if (words === null) continue;
    const has = (locale: string) =>
      words[locale] !== undefined || words[locale.split('-')[0] ?? ''] !== undefined;
    const missing = [...wanted].filter((locale) => !has(locale)).sort();
    if (missing.length > 0) report('missing-locale', place, `this is not written in ${missing.join(', ')}`);
  }
}

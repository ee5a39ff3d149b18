// surveys.yaml: what is asked on the scale from 0 to 10, in which words, by which letter, and of how many. How often one
// contact may be asked anything at all is policy.yaml's `surveys:`.
import { z } from 'zod';
import type { SurveyQuestion } from './catalogue.ts';
import { defineDeclaration } from './declaration.ts';
import { placeAt, readDuration, readShare } from './read-values.ts';
import { id, percent, text } from './shapes.ts';
import { suggest } from './spelling.ts';

const words = z
  .record(z.string(), text)
  .refine((value) => Object.keys(value).length > 0, 'must have a language');

export const surveysDeclaration = defineDeclaration({
  file: 'surveys.yaml',
  doc: {
    text: 'What is asked on the scale from 0 to 10, by locale, with which letter (it has the scale: `{{ links.survey }}?score=7`), and of what share of those who come to the step. With `remind` the same letter goes once more to whoever has not answered by then, and has neither unsubscribed nor lost the address; in it `survey.reminder` is true.',
    example:
      'surveys:\n  nps:\n    template: nps\n    question: { en: How likely are you to recommend us?, ru: Вы нас порекомендуете? }\n    low: { en: Not at all, ru: Точно нет }\n    high: { en: Extremely, ru: Точно да }\n    sample: 100%\n    remind: 5 days\n',
  },
  shape: z.strictObject({
    surveys: z.record(
      id('a name'),
      z.strictObject({
        template: text.describe('The letter that asks, in templates/.'),
        question: words.describe('By locale: `en`, `ru`.'),
        low: words.describe('What 0 means.'),
        high: words.describe('What 10 means.'),
        sample: percent.default('100%').describe('The share that is asked, drawn by hash.'),
        remind: text
          .optional()
          .describe('So long after it, whoever has not answered is asked once more: `5 days`.'),
      }),
    ),
  }),
  read(files, catalogue, report) {
    const questions: Record<string, SurveyQuestion> = {};
    for (const { source, root } of files)
      for (const [name, { sample, remind, ...survey }] of Object.entries(source.surveys)) {
        const at = placeAt(root, 'surveys', name);
        const place = placeAt(at, 'template');
        const template = catalogue.templates[survey.template];
        const known = Object.keys(catalogue.templates);
        // Where no templates were read at all, there is nothing to hold it against.
        if (template === undefined && known.length > 0)
          report(
            'unknown-template',
            place,
            `there is no template \`${survey.template}\``,
            suggest(survey.template, known) ?? `write templates/${survey.template}.<locale>.mjml`,
          );
        else if (template !== undefined && template.asks !== true)
          report(
            'wrong-value',
            place,
            `\`${survey.template}\` has no scale to answer on`,
            'write a link for each score: `<a href="{{ links.survey }}?score=7">7</a>`',
          );
        questions[name] = {
          ...survey,
          sample: readShare(sample, placeAt(at, 'sample'), report),
          ...(remind === undefined ? {} : { remind: readDuration(remind, placeAt(at, 'remind'), report) }),
        };
      }
    return { ...catalogue, surveys: Object.keys(questions), questions };
  },
});

// The words of the reports by language.
import { complaint } from '../streams.ts';
import type { ReportWords } from './wording.ts';
import { en } from './words-en.ts';
import { ru } from './words-ru.ts';

const languages: ReadonlyMap<string, ReportWords> = new Map([en, ru].map((words) => [words.lang, words]));

/** By the language of a locale; throws a complaint where the reports do not speak it. */
export function reportWords(locale = 'en'): ReportWords {
  const found = languages.get(locale.toLowerCase().split(/[-_.]/)[0] ?? '');
  if (found === undefined)
    throw complaint(2, `--locale ${locale}: reports speak ${[...languages.keys()].join(' and ')}.`);
  return found;
}

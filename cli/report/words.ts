// The words of the reports by language.
import { complaint } from '../streams.ts';
import type { ReportWords } from './wording.ts';
import { en } from './words-en.ts';
import { ru } from './words-ru.ts';

const languages: ReadonlyMap<string, ReportWords> = new Map([en, ru].map((words) => [words.lang, words]));

/** For a mail, which goes out whatever its reader speaks. */
export const wordsOrEnglish = (locale: string | null): ReportWords =>
  languages.get(languageOf(locale ?? 'en')) ?? en;

const languageOf = (locale: string) => locale.toLowerCase().split(/[-_.]/)[0] ?? '';

/** By the language of a locale; throws a complaint where the reports do not speak it. */
export function reportWords(locale = 'en'): ReportWords {
  const found = languages.get(languageOf(locale));
  if (found === undefined)
    throw complaint(2, `--locale ${locale}: reports speak ${[...languages.keys()].join(' and ')}.`);
  return found;
}

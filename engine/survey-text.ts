// The words of a survey in the reader's language: `de-AT`, then `de`, then English, then the first there is; and the
// group that a score belongs to, as the Net Promoter Score has it (Reichheld 2003): 9 and 10, 7 and 8, 6 and less.
import type { Json } from './step.ts';

export type NpsGroup = 'promoter' | 'passive' | 'detractor';

export function textFor(texts: { readonly [locale: string]: string }, locale: Json | undefined): string {
  return texts[localeFor(texts, locale)] ?? '';
}

/** The locale that they are read in. */
export function localeFor(texts: { readonly [locale: string]: string }, locale: Json | undefined): string {
  const wanted = String(locale ?? '')
    .replace('_', '-')
    .toLowerCase();
  const chain = [wanted, wanted.split('-')[0] ?? '', 'en'];
  const found = chain.map((one) => Object.keys(texts).find((key) => key.toLowerCase() === one));
  return found.find((one) => one !== undefined) ?? Object.keys(texts)[0] ?? 'en';
}

export function groupOf(score: number): NpsGroup {
  if (score >= 9) return 'promoter';
  return score >= 7 ? 'passive' : 'detractor';
}

// What the pages behind a mail's links say, in the languages of their readers. A language has every word or does not
// compile. Topics are named as people name them; one without a name of its own is named as the marketer wrote it.
import type { Words } from './wording.ts';
import { en } from './words-en.ts';
import { ru } from './words-ru.ts';

/** A Map: what a browser says of its languages may be any word at all. */
const languages: ReadonlyMap<string, Words> = new Map([en, ru].map((words) => [words.lang, words]));

/** By the language of a locale; English where we do not speak it. */
export function wordsFor(locale: string | null | undefined): Words {
  return languages.get((locale ?? '').toLowerCase().split(/[-_,;]/)[0] ?? '') ?? en;
}

/** null: everything. */
export function topicIn(words: Words, topic: string | null): string {
  if (topic === null) return words.everything;
  return words.topics.get(topic) ?? words.topic(topic);
}

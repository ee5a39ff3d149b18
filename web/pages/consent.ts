// What a reader sees behind the confirming link: what they are asked, word for word, and one button; then that it counts.
import { html } from './html.ts';
import { letterPage, tick } from './layout.ts';
import type { Words } from './wording.ts';

/** A topic as its reader knows it: its name, and the words of the consent where the policy has them. */
export interface ShownTopic {
  readonly topic: string;
  readonly name: string;
  readonly text: string | null;
}

export function confirmPage(words: Words, company: string, topics: readonly ShownTopic[]): string {
  const { confirm } = words;
  return letterPage(
    words.lang,
    confirm.title,
    company,
    html`<h1>${confirm.title}</h1>
<p>${confirm.lead}</p>
<ul class="asked">${topics.map(({ name, text }) => html`<li><b>${name}</b>${text !== null && html`<br>${text}`}</li>`)}</ul>
<form method="post"><button>${confirm.button}</button></form>
<p class="quiet small after">${confirm.nothing}</p>`,
  );
}

/** `preferences`: the way to their page. */
export function confirmedPage(words: Words, company: string, preferences: string): string {
  const { confirmed } = words;
  return letterPage(
    words.lang,
    confirmed.title,
    company,
    html`${tick}<h1>${confirmed.title}</h1>
<p>${confirmed.lead(company)}</p>
<p class="small"><a href="${preferences}">${words.preferences.way}</a></p>`,
  );
}

// What a reader sees behind "unsubscribe": a question with one button, then the answer. Works without JavaScript, by
// keyboard, and in the reader's language. The reader's address is not shown: mails are forwarded.
import { html } from './html.ts';
import { letterPage, tick } from './layout.ts';
import type { Words } from './wording.ts';

/** `mails`: what is left, as the object of "send". */
export function askPage(words: Words, company: string, mails: string, preferences: string): string {
  const { leave } = words;
  const title = leave.title(company);
  return letterPage(
    words.lang,
    title,
    company,
    html`<h1>${title}</h1>
<p>${leave.lead(mails)}</p>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${leave.button}</button></form>
<p class="quiet small after">${leave.nothing}</p>
<p class="small"><a href="${preferences}">${words.preferences.way}</a></p>`,
  );
}

/** `preferences`: the way to the page of finer choices. */
export function donePage(words: Words, company: string, mails: string, preferences: string): string {
  const { left } = words;
  return letterPage(
    words.lang,
    left.title,
    company,
    html`${tick}<h1>${left.title}</h1>
<p>${left.lead(mails, company)}</p>
<p class="quiet small">${left.late}</p>
<p class="small"><a href="${preferences}">${words.preferences.way}</a></p>`,
  );
}

// What is shown where something is wrong: to an operator with the sentence that says what to do, to someone who
// came from a mail in their own language and without our affairs.
import type { Answer } from '../errors.ts';
import { html } from './html.ts';
import { letterPage, operatorPage } from './layout.ts';
import type { Words } from './wording.ts';

export function lostPage(answer: Answer, hasInbox: boolean): string {
  const title = answer.status === 404 ? 'Not here' : 'That did not work';
  return operatorPage(
    { title, place: 'none', hasInbox },
    html`<section class="panel empty"><h1>${title}</h1><p class="lead">${answer.message}</p>
<p><a class="button" href="/">Overview</a></p></section>`,
  );
}

export function failedPage(words: Words, company: string, status: number): string {
  const { title, lead, next } = status >= 500 ? words.failed : words.cut;
  return letterPage(words.lang, title, company, html`<h1>${title}</h1><p>${lead}</p><p>${next}</p>`);
}

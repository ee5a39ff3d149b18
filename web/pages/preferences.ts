// What a reader may choose: topics, a pause, nothing at all. Three forms, each with its own button, so that it works
// without JavaScript and by keyboard; the reader's address is not shown, because mails are forwarded.
import type { ShownTopic } from './consent.ts';
import { type Html, html } from './html.ts';
import { letterPage } from './layout.ts';
import type { Words } from './wording.ts';

export interface Choices {
  readonly topics: readonly (ShownTopic & { readonly isWanted: boolean; readonly isAsked: boolean })[];
  /** As the reader's calendar says it; null: not paused. */
  readonly pausedUntil: string | null;
  /** No mail can go to this address, whatever is chosen. */
  readonly isBlocked: boolean;
}
/** What the last button did. */
export type Done = 'saved' | 'paused' | 'resumed' | 'off' | null;

export function preferencesPage(words: Words, company: string, choices: Choices, done: Done): string {
  const { preferences: own } = words;
  const isOn = choices.topics.some((one) => one.isWanted || one.isAsked);
  return letterPage(
    words.lang,
    own.title,
    company,
    html`<h1>${own.title}</h1>
${done !== null && html`<p class="notice" role="status">${own.done[done]}</p>`}
${choices.isBlocked && html`<p class="notice">${own.blocked}</p>`}`,
    choices.topics.length > 0 && topicsForm(words, choices),
    (isOn || choices.pausedUntil !== null) && pauseForm(words, choices),
    isOn &&
      html`<form method="post" class="apart"><input type="hidden" name="do" value="off"><p>${own.offLead}</p><button class="plain">${own.off}</button></form>`,
  );
}

function topicsForm({ preferences: own }: Words, { topics }: Choices): Html {
  return html`<form method="post"><input type="hidden" name="do" value="save">
<fieldset><legend>${own.lead}</legend>
${topics.map(
  ({ topic, name, text, isWanted, isAsked }) =>
    html`<label class="choice"><input type="checkbox" name="topic" value="${topic}"${isWanted && html` checked`}><span><b>${name}</b>${text !== null && html`<br><span class="small quiet">${text}</span>`}${isAsked && html`<br><span class="small">${own.asked}</span>`}</span></label>`,
)}</fieldset><button>${own.save}</button></form>`;
}

function pauseForm({ preferences: own }: Words, { pausedUntil }: Choices): Html {
  return pausedUntil === null
    ? html`<form method="post" class="apart"><input type="hidden" name="do" value="pause"><p>${own.pauseLead}</p><button class="plain">${own.pause}</button></form>`
    : html`<form method="post" class="apart"><input type="hidden" name="do" value="resume"><p>${own.pausedUntil(pausedUntil)}</p><button class="plain">${own.resume}</button></form>`;
}

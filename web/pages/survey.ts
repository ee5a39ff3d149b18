// What a contact sees behind the scale of a survey's mail: the scale with their score marked, room for a word, one
// button; then thanks that differ by what was answered. Radio buttons: it works without JavaScript and by keyboard.
import type { NpsGroup } from '../../engine/survey-text.ts';
import { html } from './html.ts';
import { letterPage, tick } from './layout.ts';
import type { Words } from './wording.ts';

export interface Scale {
  readonly question: string;
  readonly low: string;
  readonly high: string;
  readonly marked: number | null;
  /** What was said before. */
  readonly comment: string | null;
  /** True where the form came without a score. */
  readonly isMissing: boolean;
}

const scores = Array.from({ length: 11 }, (_, score) => score);

export function surveyPage(words: Words, company: string, scale: Scale): string {
  const { survey: say } = words;
  const radio = (score: number) =>
    score === scale.marked
      ? html`<label><input type="radio" name="score" value="${score}" required checked><span>${score}</span></label>`
      : html`<label><input type="radio" name="score" value="${score}" required><span>${score}</span></label>`;
  return letterPage(
    words.lang,
    scale.question,
    company,
    html`<form method="post" class="survey">
<fieldset><legend><h1>${scale.question}</h1></legend>
${scale.isMissing && html`<p role="alert"><b>${say.missing}</b></p>`}
<div class="scale">${scores.map(radio)}</div>
<p class="ends small quiet"><span>0: ${scale.low}</span><span>10: ${scale.high}</span></p></fieldset>
<label class="why">${say.why}<textarea name="comment" rows="4" maxlength="4000">${scale.comment}</textarea></label>
<button>${say.send}</button></form>
<p class="quiet small after">${say.nothing}</p>`,
  );
}

export function thanksPage(words: Words, company: string, group: NpsGroup, isKept: boolean): string {
  const { survey: say } = words;
  const { title, lead } = say.thanks[group];
  return letterPage(
    words.lang,
    title,
    company,
    html`${tick}<h1>${title}</h1>
<p>${lead}</p>
<p class="quiet small">${isKept ? say.change : say.closed}</p>`,
  );
}

// A form as its reader sees it: every question tied to its field, its hint and what is wrong with it; one button. Plain
// HTML: it works without JavaScript and by keyboard, and keeps what was typed.
import type { Form, FormQuestion } from '../../engine/form.ts';
import { isSound, mostLetters, type Page, type Said } from '../../engine/form-answers.ts';
import { textFor } from '../../engine/survey-text.ts';
import { type Html, html } from './html.ts';
import { letterPage, tick } from './layout.ts';
import type { Words } from './wording.ts';

export function formPage(words: Words, locale: string, company: string, form: Form, page: Page): string {
  const { form: say } = words;
  const title = textFor(form.title, locale);
  const isWhole = isSound(page);
  const first = form.questions.find(({ fact }) => page[fact]?.wrong)?.fact;
  const asked = form.questions.map((question, i) =>
    ask(words, locale, {
      question,
      id: `q${i + 1}`,
      said: page[question.fact] ?? { text: '', wrong: null },
      isFirstWrong: question.fact === first,
    }),
  );
  return letterPage(
    locale,
    title,
    company,
    html`<h1>${title}</h1>
${form.intro !== null && html`<p class="lines">${textFor(form.intro, locale)}</p>`}
${!isWhole && html`<p class="notice" role="alert">${say.check}</p>`}
<form method="post" class="asked-for" novalidate>${asked}
<button>${say.send}</button></form>
<p class="quiet small after">${say.nothing}</p>`,
  );
}

export function sentPage(words: Words, locale: string, company: string, form: Form): string {
  return letterPage(
    locale,
    textFor(form.title, locale),
    company,
    html`${tick}<h1>${textFor(form.thanks, locale)}</h1>
<p class="quiet small">${words.form.change}</p>`,
  );
}

export function closedPage(words: Words, company: string, why: keyof Words['form']['closed']): string {
  const { title, lead } = words.form.closed[why];
  return letterPage(words.lang, title, company, html`<h1>${title}</h1><p>${lead}</p>`);
}

interface Asked {
  readonly question: FormQuestion;
  readonly id: string;
  readonly said: Said;
  /** Where the reader is taken to. */
  readonly isFirstWrong: boolean;
}

function ask(words: Words, locale: string, asked: Asked): Html {
  const { question, id, said } = asked;
  const { form: say } = words;
  const hint =
    question.hint !== null &&
    html`<p class="quiet small" id="${id}-hint">${textFor(question.hint, locale)}</p>`;
  const most = question.isLong ? mostLetters.long : mostLetters.line;
  const wrong =
    said.wrong !== null && html`<p class="wrong" id="${id}-wrong">${say.wrong(said.wrong, most)}</p>`;
  const text = textFor(question.ask, locale);
  const options = optionsOf(question, words, locale);
  if (options !== null)
    return html`<fieldset ${tiesOf(asked)}><legend>${text}</legend>${hint}${wrong}
${options.map(([value, text], i) => radio(asked, value, text, i === 0))}</fieldset>`;
  const optional = !question.isRequired && html` <span class="quiet small">${say.optional}</span>`;
  return html`<div class="question"><label for="${id}">${text}${optional}</label>${hint}${wrong}${field(asked, most)}</div>`;
}

/** What is chosen from, the empty answer last; null: it is written. */
function optionsOf(
  { choices, type, isRequired }: FormQuestion,
  { form: say }: Words,
  locale: string,
): (readonly [string, string])[] | null {
  const own = choices?.map(({ value, words }) => [value, textFor(words, locale)] as const);
  const yesOrNo =
    type === 'boolean'
      ? ([
          ['true', say.yes],
          ['false', say.no],
        ] as const)
      : undefined;
  const options = own ?? yesOrNo;
  if (options === undefined) return null;
  return isRequired ? [...options] : [...options, ['', say.unknown]];
}

function radio({ question, said, isFirstWrong }: Asked, value: string, text: string, isFirst: boolean): Html {
  const isChosen = value === said.text && (value !== '' || said.wrong === null);
  return html`<label class="choice"><input type="radio" name="${question.fact}" value="${value}"${
    isChosen && html` checked`
  }${question.isRequired && html` required`}${isFirst && isFirstWrong && html` autofocus`}><span>${text}</span></label>`;
}

function field(asked: Asked, most: number): Html {
  const { question, id, said, isFirstWrong } = asked;
  const rest = html`id="${id}" name="${question.fact}" ${tiesOf(asked)}${question.isRequired && html` required`}${
    isFirstWrong && html` autofocus`
  }`;
  if (question.isLong)
    return html`<textarea rows="4" maxlength="${most}" ${rest}>
${said.text}</textarea>`;
  return question.type === 'number'
    ? html`<input type="text" inputmode="decimal" autocomplete="off" value="${said.text}" ${rest}>`
    : html`<input type="text" autocomplete="off" maxlength="${most}" value="${said.text}" ${rest}>`;
}

/** What is read aloud with the field. */
function tiesOf({ question, id, said }: Asked): Html {
  const ids = [question.hint !== null && `${id}-hint`, said.wrong !== null && `${id}-wrong`].filter(
    (one) => one !== false,
  );
  return html`${ids.length > 0 && html`aria-describedby="${ids.join(' ')}"`}${
    said.wrong !== null && html` aria-invalid="true"`
  }`;
}

// What a colleague sees behind a task's link: what is to be done, and its buttons, one for each outcome
// that it may have; afterwards what became of it. Works
// without JavaScript and by keyboard. The contact's address is not shown: mails are forwarded.
import type { KnownTask } from '../../db/tasks.ts';
import { html } from './html.ts';
import { letterPage, tick } from './layout.ts';
import type { Words } from './wording.ts';

/** The owner's own word, as the workflow's file has it: `not-now` is shown as `Not now`. */
const doneAs = (outcome: string) =>
  html`<button name="do" value="done ${outcome}">${readable(outcome)}</button>
`;
const readable = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1).replaceAll('-', ' ')}`;

/** `owner` as people call them; `due` in words of the reader's zone; `isNews`: this reader has just changed it. */
export function taskPage(
  words: Words,
  company: string,
  task: KnownTask,
  due: string,
  isNews: boolean,
): string {
  const { task: say } = words;
  const isOpen = task.state === 'open';
  const became = say[task.state](due);
  return letterPage(
    words.lang,
    task.title,
    company,
    html`${isNews && tick}<h1>${task.title}</h1>
${(isNews || !isOpen) && html`<p role="status"><b>${became}</b></p>`}
${!isNews && isOpen && html`<p>${say.due(due)}</p>`}
${task.notes !== null && html`<p class="lines">${task.notes}</p>`}
<p class="quiet small">${say.with(task.owner)}</p>
${
  isOpen &&
  html`<form method="post">${task.outcomes === null ? html`<button name="do" value="done">${say.finish}</button>` : task.outcomes.map(doneAs)}
<button class="second" name="do" value="later">${say.later}</button>
<button class="second" name="do" value="cancel">${say.cancel}</button></form>
<p class="quiet small after">${say.nothing}</p>`
}`,
  );
}

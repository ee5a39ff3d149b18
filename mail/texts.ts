// Liquid outside of templates: a task's title and notes. Read for lint, in words and at offsets that the compiler of
// workflows turns into places; rendered when the task is made. Only contact and deal are there to be printed.
import type { Facts } from '../engine/step.ts';
import type { TextFinding, TextReader } from '../engine/texts.ts';
import type { Place, Report } from './codes.ts';
import { checkVariables } from './known.ts';
import { render, textLiquid } from './liquid.ts';
import { readVariables } from './variables.ts';

export const readLiquid: TextReader = (text, facts) => {
  const file = { path: '', text };
  const findings: TextFinding[] = [];
  const report: Report = (code, at, message, hint) => {
    // What may be empty prints nothing; a colleague who reads a title can bear that.
    if (code === 'template-default') return;
    const offset = offsetOf(text, at);
    const isUnknown = code === 'template-variable';
    findings.push({
      code: isUnknown ? 'unknown-fact' : 'bad-liquid',
      offset,
      length: isUnknown ? (/^[\w.]+/.exec(text.slice(offset))?.[0].length ?? 1) : 1,
      message: message.charAt(0).toLowerCase() + message.slice(1),
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const variables = readVariables(file, 0, text, report) ?? [];
  const foreign = variables.filter(({ path }) => !/^(contact|deal)\./.test(path));
  for (const { path, place } of foreign)
    report(
      'template-variable',
      place,
      `There is no {{ ${path} }} here`,
      'a task may print contact.… and deal.…',
    );
  checkVariables(
    variables.filter((one) => !foreign.includes(one)),
    facts,
    report,
  );
  return { findings, facts: variables.map(({ path, place }) => ({ path, offset: offsetOf(text, place) })) };
};

/** One line where the text has one; control characters that a fact brings are spaces. Throws where it runs away. */
export function renderText(text: string, { contact, deal }: Facts): string {
  const scope = { contact, deal: deal ?? {}, locale: contact.locale ?? 'en' };
  return render(textLiquid, textLiquid.parse(text), scope)
    .replace(/[^\P{Cc}\n]+/gu, ' ')
    .replace(/\p{Cs}/gu, '')
    .trim();
}

function offsetOf(text: string, { line, column }: Place): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
}

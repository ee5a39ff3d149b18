// Templates in, compiled templates and every diagnostic out. MJML runs here, once per template and locale, and never for
// a recipient: what comes out is HTML and text in which only Liquid is left, as plain JSON with a content hash.
import { createHash } from 'node:crypto';
import type { Diagnostic } from '../engine/diagnostic.ts';
import { collect, type Place, type Report } from './codes.ts';
import { checkTopic, type Head, readHead, type Text } from './head.ts';
import { checkVariables, type KnownFacts } from './known.ts';
import { toHtml } from './library-mjml.ts';
import { lint } from './lint.ts';
import { htmlLiquid, render, textLiquid } from './liquid.ts';
import { assemble, type Files, findLocalized, placeIn, type Source, type SourceFile } from './source.ts';
import { type CompiledTemplate, fileOf } from './template.ts';
import { readVariables, type Variable } from './variables.ts';

const NAME = /^([a-z0-9][a-z0-9-]*)(?:\.([a-z]{2,3}(?:-[A-Z]{2}|-[A-Z][a-z]{3})?))?\.(mjml|txt)$/;
/**
 * Compiles all of `templates/`: `<name>.<locale>.mjml`, `layouts/`, `partials/`, and `<name>.<locale>.txt` where the text
 * part is written by hand. With `facts`, variables are checked against them, and topics against `topics` where there are
 * any. Never throws for what an author wrote.
 */
export async function compileTemplates(
  given: readonly SourceFile[],
  facts?: KnownFacts,
  topics: readonly string[] = [],
): Promise<{ templates: CompiledTemplate[]; diagnostics: Diagnostic[] }> {
  const files: Files = new Map(
    [...given].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => [file.path, file]),
  );
  const { found, report } = collect();
  const templates: CompiledTemplate[] = [];
  for (const file of files.values()) {
    if (file.path.includes('/') || !/\.(mjml|txt)$/.test(file.path)) continue;
    const [, name = '', locale = 'default', kind] = NAME.exec(file.path) ?? [];
    if (name === '')
      report(
        'template-name',
        placeIn(file, 0),
        `${file.path} is not named <name>.<locale>.mjml`,
        'As in welcome.ru.mjml or welcome.de-AT.mjml',
      );
    else if (kind === 'txt' && !files.has(file.path.replace(/txt$/, 'mjml')))
      report(
        'template-name',
        placeIn(file, 0),
        `There is no ${file.path.replace(/txt$/, 'mjml')} that this could be the text part of`,
      );
    else if (kind === 'mjml') {
      const template = await compileOne({ file, files, name, locale, facts, topics, report });
      if (template) templates.push(template);
    }
  }
  checkAgreement(templates, report);
  return { templates, diagnostics: inOrder(found) };
}

interface Work {
  readonly file: SourceFile;
  readonly files: Files;
  readonly name: string;
  readonly locale: string;
  readonly facts: KnownFacts | undefined;
  readonly topics: readonly string[];
  readonly report: Report;
}

async function compileOne(work: Work): Promise<CompiledTemplate | null> {
  const { file, files, locale, report } = work;
  const head = readHead(file, report);
  if (head === null) return null;
  checkTopic(file, head, work.topics, report);
  const layout = layoutOf(work, head);
  if (layout === undefined) return null;
  const source = assemble(files, file, { bodyAt: head.bodyAt, locale, layout }, report);
  const written = files.get(file.path.replace(/mjml$/, 'txt'));
  const variables = readAll(file, head, source, written, report);
  if (variables === null) return null;
  if (!head.preheader?.text)
    report(
      'template-preheader',
      placeIn(file, 0),
      'The head has no preheader',
      'preheader: One line that makes the subject worth opening',
    );
  const needs = checkVariables(variables, work.facts, report);
  checkUses(file, head, variables, report);

  const html = await toHtml(source, head, locale, report);
  if (html === null) return null;
  const parts = {
    name: work.name,
    locale,
    topic: head.topic,
    subject: head.subject.text,
    html: html.restored,
    text: written?.text ?? html.plain,
    needs,
  };
  if (!renders(parts, placeIn(file, 0), report)) return null;
  lint({ source, html: parts.html, topic: head.topic, top: placeIn(file, 0) }, report);
  return { ...parts, hash: createHash('sha256').update(JSON.stringify(parts)).digest('hex') };
}

/** The layout named in the head, else layouts/default; null where the file is a whole <mjml> document. */
function layoutOf({ file, files, locale, report }: Work, head: Head): SourceFile | null | undefined {
  if (/<mjml[\s>]/.test(file.text.slice(head.bodyAt))) return null;
  const name = head.layout ?? 'default';
  const layout = findLocalized(files, `layouts/${name}`, locale);
  if (layout === undefined)
    report(
      'template-include',
      placeIn(file, 0),
      `There is no templates/layouts/${name}.mjml to put this template into`,
      'Write that layout (with <mj-content /> in it), or a whole <mjml> document here',
    );
  return layout;
}

/** The variables of all that goes into the mail, or null where some of its Liquid does not parse. */
function readAll(
  file: SourceFile,
  head: Head,
  source: Source,
  written: SourceFile | undefined,
  report: Report,
): Variable[] | null {
  const inHead = [head.subject, head.preheader].filter((text): text is Text => text !== null);
  const read = [
    ...inHead.map(({ text, at }) => readVariables(file, at, text, report)),
    ...source.parts.map((part) =>
      readVariables(part.file, part.from, part.file.text.slice(part.from), report),
    ),
    ...(written ? [readVariables(written, 0, written.text, report)] : []),
  ];
  return read.includes(null) ? null : read.flatMap((one) => one ?? []);
}

function checkUses(file: SourceFile, head: Head, variables: readonly Variable[], report: Report): void {
  if (head.uses === null) return;
  const used = new Map(
    variables.filter(({ path }) => /^(contact|deal)\./.test(path)).map((one) => [one.path, one.place]),
  );
  for (const [path, place] of used)
    if (!head.uses.includes(path))
      report(
        'template-uses',
        place,
        `${path} is not among what the head says it uses`,
        `uses: ${[...used.keys()].join(', ')}`,
      );
  for (const path of head.uses)
    if (!used.has(path))
      report('template-uses', placeIn(file, 0), `The head says it uses ${path}, and nothing does`);
}

/** Renders once for nobody: what fails or grows here would do so for everyone. */
function renders(
  parts: { subject: string; html: string; text: string },
  top: Place,
  report: Report,
): boolean {
  try {
    render(htmlLiquid, htmlLiquid.parse(parts.html), {});
    for (const text of [parts.subject, parts.text]) render(textLiquid, textLiquid.parse(text), {});
    return true;
  } catch (error) {
    report(
      'template-render',
      top,
      `It cannot be rendered: ${error instanceof Error ? error.message : String(error)}`,
    );
    return false;
  }
}

function checkAgreement(templates: readonly CompiledTemplate[], report: Report): void {
  for (const template of templates) {
    const first = templates.find((one) => one.name === template.name);
    if (first === undefined || first.topic === template.topic) continue;
    const place = { file: fileOf(template), line: 1, column: 1 };
    report(
      'template-agreement',
      place,
      `${fileOf(first)} is for ${first.topic ?? 'transactional mail'}, this for ${template.topic ?? 'transactional mail'}`,
    );
  }
}

/** By place; what a shared partial says for several templates is said once. */
function inOrder(found: readonly Diagnostic[]): Diagnostic[] {
  const once = new Map(
    found.map((one) => [`${one.file}:${one.line}:${one.column}:${one.code}:${one.message}`, one]),
  );
  return [...once.values()].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
}

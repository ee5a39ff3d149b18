// What can be said of templates without MJML: their heads, what they are put together from, their Liquid and the facts
// they print. It is all that workflows are checked against, and takes a tenth of the time.
import { suggest } from '../engine/spelling.ts';
import type { Report } from './codes.ts';
import { checkTopic, type Head, readHead, type Text } from './head.ts';
import { checkVariables, type KnownFacts } from './known.ts';
import { assemble, type Files, findLocalized, placeIn, type Source, type SourceFile } from './source.ts';
import { formPath } from './template.ts';
import { readVariables, type Variable } from './variables.ts';

/** A template read and checked, MJML not yet run. */
export interface Draft {
  readonly name: string;
  readonly locale: string;
  /** null: transactional. */
  readonly topic: string | null;
  /** Facts that it prints without a default. */
  readonly needs: readonly string[];
  /** The form that it links to. */
  readonly form?: string;
  readonly file: SourceFile;
  readonly head: Head;
  readonly source: Source;
  /** The text part, where it is written by hand. */
  readonly written: SourceFile | undefined;
}

const NAME = /^([a-z0-9][a-z0-9-]*)(?:\.([a-z]{2,3}(?:-[A-Z]{2}|-[A-Z][a-z]{3})?))?\.(mjml|txt)$/;

/** All of `templates/` that can be read. With `facts` variables are checked, and topics against `topics` if there are any. */
export function readDrafts(
  given: readonly SourceFile[],
  facts: KnownFacts | undefined,
  topics: readonly string[],
  report: Report,
): Draft[] {
  const files: Files = new Map(
    [...given].sort((a, b) => (a.path < b.path ? -1 : 1)).map((file) => [file.path, file]),
  );
  const drafts: Draft[] = [];
  const shared = new Map<string, Variable[] | null>();
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
      const draft = readDraft({ file, files, name, locale, facts, topics, report, shared });
      if (draft) drafts.push(draft);
    }
  }
  checkAgreement(drafts, report);
  return drafts;
}

interface Work {
  readonly file: SourceFile;
  readonly files: Files;
  readonly name: string;
  readonly locale: string;
  readonly facts: KnownFacts | undefined;
  readonly topics: readonly string[];
  readonly report: Report;
  /** Layouts and partials are read once, however many templates they stand in. */
  readonly shared: Map<string, Variable[] | null>;
}

function readDraft(work: Work): Draft | null {
  const { file, files, name, locale, report } = work;
  const head = readHead(file, report);
  if (head === null) return null;
  checkTopic(file, head, work.topics, report);
  const layout = layoutOf(work, head);
  if (layout === undefined) return null;
  const source = assemble(files, file, { bodyAt: head.bodyAt, locale, layout }, report);
  const written = files.get(file.path.replace(/mjml$/, 'txt'));
  const variables = readAll(work, head, source, written);
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
  checkForm(work, head, variables);
  const form = head.form === null ? {} : { form: head.form.text };
  return { name, locale, topic: head.topic, needs, ...form, file, head, source, written };
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
  { file, report, shared }: Work,
  head: Head,
  source: Source,
  written: SourceFile | undefined,
): Variable[] | null {
  const inHead = [head.subject, head.preheader].filter((text): text is Text => text !== null);
  const read = [
    ...inHead.map(({ text, at }) => readVariables(file, at, text, report)),
    ...source.parts.map(({ file: part, from }) => {
      const key = `${part.path}:${from}`;
      const known = shared.get(key);
      if (known !== undefined) return known;
      const variables = readVariables(part, from, part.text.slice(from), report);
      shared.set(key, variables);
      return variables;
    }),
    ...(written ? [readVariables(written, 0, written.text, report)] : []),
  ];
  return read.includes(null) ? null : read.flatMap((one) => one ?? []);
}

/** The link and the head belong together, and the form is there where forms are declared. */
function checkForm({ file, facts, report }: Work, { form }: Head, variables: readonly Variable[]): void {
  const link = variables.find(({ path }) => path === formPath);
  const known = facts?.forms ?? [];
  if (form === null) {
    if (link !== undefined)
      report(
        'template-form',
        link.place,
        'It links to a form, and the head does not say to which',
        `form: ${known[0] ?? 'bant'}, one of forms.yaml`,
      );
    return;
  }
  const at = placeIn(file, form.at);
  if (link === undefined)
    report(
      'template-form',
      at,
      'The head names a form, and nothing links to it',
      '<a href="{{ links.form }}">',
    );
  if (known.length > 0 && !known.includes(form.text))
    report('template-form', at, `forms.yaml has no form "${form.text}"`, suggest(form.text, known));
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

function checkAgreement(drafts: readonly Draft[], report: Report): void {
  for (const draft of drafts) {
    const first = drafts.find((one) => one.name === draft.name);
    const at = { file: draft.file.path, line: 1, column: 1 };
    const [own, said] = [draft, first].map((one) => one?.topic ?? 'transactional mail');
    if (own !== said) report('template-agreement', at, `${first?.file.path} is for ${said}, this for ${own}`);
    const [form, linked] = [draft, first].map((one) => one?.form ?? 'no form');
    if (form !== linked)
      report('template-agreement', at, `${first?.file.path} links to ${linked}, this to ${form}`);
  }
}

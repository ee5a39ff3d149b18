// Templates in, compiled templates and every diagnostic out. MJML runs here, once per template and locale, and never for
// a recipient: what comes out is HTML and text in which only Liquid is left, as plain JSON with a content hash.
import { createHash } from 'node:crypto';
import { type Palette, paletteOf } from '../engine/brand.ts';
import type { Diagnostic } from '../engine/diagnostic.ts';
import { type Brand, emptyPolicy } from '../engine/policy.ts';
import { collect, type Place, type Report } from './codes.ts';
import { type Draft, readDrafts } from './drafts.ts';
import type { KnownFacts } from './known.ts';
import { toHtml } from './library-mjml.ts';
import { lintHtml, lintSource } from './lint/lint.ts';
import { htmlLiquid, render, textLiquid } from './liquid.ts';
import { placeIn, type SourceFile } from './source.ts';
import type { CompiledTemplate } from './template.ts';

/** Where results are kept between processes, as text, by a hash of all that they come from. */
export interface Kept {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/** A template, and the colours it is written in. */
interface Painted extends Draft {
  readonly palette: Palette;
}

/** A template as it came out, and what was said of it. */
interface Result {
  readonly template: CompiledTemplate | null;
  readonly said: readonly Diagnostic[];
}

/**
 * Compiles all of `templates/`: `<name>.<locale>.mjml`, `layouts/`, `partials/`, and `<name>.<locale>.txt` where the text
 * part is written by hand. With `facts`, variables are checked against them, and topics against `topics` where there are
 * any. What was made of a template before is taken from `kept`. Colours are those of `brand`. Never throws for what an
 * author wrote.
 */
export async function compileTemplates(
  given: readonly SourceFile[],
  facts?: KnownFacts,
  topics: readonly string[] = [],
  kept?: Kept,
  brand: Brand = emptyPolicy.brand,
): Promise<{ templates: CompiledTemplate[]; diagnostics: Diagnostic[] }> {
  const { found, report } = collect();
  const templates: CompiledTemplate[] = [];
  const palette = paletteOf(brand);
  for (const read of readDrafts(given, facts, topics, report)) {
    const draft = { ...read, palette };
    const { template, said } = kept ? await compileOnce(draft, kept) : await compileDraft(draft);
    found.push(...said);
    if (template) templates.push(template);
  }
  return { templates, diagnostics: inOrder(found) };
}

/** What workflows are checked against, and what can be said of the templates without MJML. */
export function readTemplates(
  given: readonly SourceFile[],
  facts: KnownFacts,
  topics: readonly string[],
): { templates: readonly Draft[]; diagnostics: Diagnostic[] } {
  const { found, report } = collect();
  const templates = readDrafts(given, facts, topics, report);
  return { templates, diagnostics: inOrder(found) };
}

async function compileOnce(draft: Painted, kept: Kept): Promise<Result> {
  const { source, ...rest } = draft;
  const from = source.parts.map((part) => [part.file, part.from]);
  const key = createHash('sha256')
    .update(JSON.stringify([rest, source.text, from]))
    .digest('hex');
  const known = kept.get(key);
  if (known !== undefined) return JSON.parse(known);
  const result = await compileDraft(draft);
  kept.set(key, JSON.stringify(result));
  return result;
}

async function compileDraft(draft: Painted): Promise<Result> {
  const { found, report } = collect();
  return { template: await compile(draft, report), said: found };
}

async function compile(draft: Painted, report: Report): Promise<CompiledTemplate | null> {
  const { file, head, source, written, name, locale, topic, needs } = draft;
  const own = { source, locale, topic, written, top: placeIn(file, 0) };
  lintSource(own, report);
  const html = await toHtml(source, head, draft, report);
  if (html === null) return null;
  const parts = {
    name,
    locale,
    topic,
    subject: head.subject.text,
    html: html.html,
    text: written?.text ?? html.text,
    needs,
    targets: html.targets,
    ...(draft.form === undefined ? {} : { form: draft.form }),
  };
  if (!renders(parts, own.top, report)) return null;
  lintHtml({ ...own, html: parts.html }, report);
  return { ...parts, hash: createHash('sha256').update(JSON.stringify(parts)).digest('hex') };
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

/** By place; what a shared partial says for several templates is said once. */
function inOrder(found: readonly Diagnostic[]): Diagnostic[] {
  const once = new Map(
    found.map((one) => [`${one.file}:${one.line}:${one.column}:${one.code}:${one.message}`, one]),
  );
  return [...once.values()].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
}

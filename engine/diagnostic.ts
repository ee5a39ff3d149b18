// A diagnostic: what an author did wrong, where, and what to write instead. Diagnostics are values, collected and
// never thrown; all of a run are shown at once, in the order of the files. Printing needs the text for its caret.
import { codes, type Severity } from './codes.ts';
import { readIgnores, silencedBy } from './ignores.ts';
import type { Place, SourceFile } from './source.ts';

export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string | null;
}

/** Collects one diagnostic. An unknown code is our own mistake, so it throws. */
export type Report = (code: string, place: Place, message: string, hint?: string) => void;

export function createDiagnostic(code: string, place: Place, message: string, hint?: string): Diagnostic {
  const meaning = codes[code];
  if (meaning === undefined) throw new Error(`no diagnostic code \`${code}\` in engine/codes.ts`);
  const { file, line, column, length } = place;
  return { file, line, column, length, code, severity: meaning.severity, message, hint: hint ?? null };
}

export function collector(into: Diagnostic[]): Report {
  return (code, place, message, hint) => {
    into.push(createDiagnostic(code, place, message, hint));
  };
}

/** By place, each once, without those that `# lint-ignore code: reason` on the line above sets aside. */
export function settle(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): Diagnostic[] {
  const isIgnored = silencedBy(files.flatMap(readIgnores));
  const seen = new Set<string>();
  return diagnostics
    .filter((one) => {
      const key = `${one.file}:${one.line}:${one.column}:${one.code}:${one.message}`;
      if (seen.has(key) || isIgnored(one)) return false;
      seen.add(key);
      return true;
    })
    .sort(
      (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.code, b.code),
    );
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.severity === 'error');
}

const widest = 110;

/** `file:line:col  code  message`, the line, a caret, the hint; one blank line between two. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): string {
  const lines = linesOf(files);
  return diagnostics.map((one) => printOne(one, lines.get(one.file)?.[one.line - 1])).join('\n');
}

function printOne(one: Diagnostic, line: string | undefined): string {
  const mild = one.severity === 'warning' ? ' (warning)' : '';
  let text = `${one.file}:${one.line}:${one.column}  ${one.code}${mild}  ${one.message}\n`;
  if (line !== undefined && line.trim() !== '') {
    const gutter = String(one.line).padStart(4);
    const { shown, from } = cut(line.replaceAll('\t', ' '), one.column - 1);
    const length = Math.max(1, Math.min(one.length, shown.length - from));
    text += `${gutter} | ${shown}\n     | ${' '.repeat(from)}${'^'.repeat(length)}\n`;
  }
  return one.hint === null ? text : `${text}     = ${one.hint}\n`;
}

/** What a terminal shows of a long line, around the place. */
function cut(line: string, from: number): { shown: string; from: number } {
  if (line.length <= widest) return { shown: line, from };
  const start = Math.max(0, Math.min(from - widest / 2, line.length - widest));
  const [before, after] = [start > 0 ? '...' : '', start + widest < line.length ? '...' : ''];
  return {
    shown: `${before}${line.slice(start, start + widest)}${after}`,
    from: from - start + before.length,
  };
}

function linesOf(files: readonly SourceFile[]): Map<string, readonly string[]> {
  return new Map(files.map((file) => [file.path, file.text.split(/\r?\n/)]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

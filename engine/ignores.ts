// `# lint-ignore code: reason` on the line above a place silences one code there; several such lines may stand one above
// another. A reason is needed, because the next reader has to know it: without one, nothing is silenced.
import type { Place, SourceFile } from './source.ts';

export interface Ignore extends Place {
  readonly code: string;
  readonly reason: string;
  /** The line that it speaks of. */
  readonly speaksOf: number;
}

const written =
  /^(?<before>\s*)(?:#|<!--)\s*lint-ignore\b\s*(?<code>[\w-]*)\s*(?::\s*(?<reason>.*?))?\s*(?:-->)?\s*$/;

export function readIgnores({ path, text }: SourceFile): Ignore[] {
  if (!text.includes('lint-ignore')) return [];
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, i) => {
    const { before = '', code = '', reason = '' } = written.exec(line)?.groups ?? {};
    if (!written.test(line)) return [];
    let below = i + 1;
    while (written.test(lines[below] ?? '')) below++;
    const length = line.trim().length;
    return [
      { file: path, line: i + 1, column: before.length + 1, length, code, reason, speaksOf: below + 1 },
    ];
  });
}

export function isIgnored(
  one: Pick<Place, 'file' | 'line'> & { readonly code: string },
  ignores: readonly Ignore[],
): boolean {
  return ignores.some(
    ({ code, reason, file, speaksOf }) =>
      code === one.code && reason !== '' && file === one.file && speaksOf === one.line,
  );
}

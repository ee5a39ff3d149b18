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
  const found: Ignore[] = [];
  let speaksOf = lines.length + 1;
  // From the end on: of several, one above another, all speak of the line below the last.
  for (let line = lines.length; line >= 1; line--) {
    const words = lines[line - 1] ?? '';
    const groups = written.exec(words)?.groups;
    if (groups === undefined) {
      speaksOf = line;
      continue;
    }
    const { before = '', code = '', reason = '' } = groups;
    const length = words.trim().length;
    found.push({ file: path, line, column: before.length + 1, length, code, reason, speaksOf });
  }
  return found.reverse();
}

/** What is silenced where, to be asked often. */
export function silencedBy(ignores: readonly Ignore[]): (one: Silent) => boolean {
  const silenced = new Set(
    ignores
      .filter(({ reason }) => reason !== '')
      .map(({ file, speaksOf, code }) => `${file}:${speaksOf}:${code}`),
  );
  return ({ file, line, code }) => silenced.has(`${file}:${line}:${code}`);
}

type Silent = Pick<Place, 'file' | 'line'> & { readonly code: string };

// The text of a template put together from its file, its layout and its partials, in which every character still knows
// the file, line and column it came from. `<mj-include path>` reaches what was handed in and nothing else: no disk.
import type { Place, Report } from './codes.ts';

export interface SourceFile {
  /** Under templates/, with forward slashes: `welcome.ru.mjml`, `partials/footer.mjml`. */
  readonly path: string;
  readonly text: string;
}

export interface Source {
  readonly text: string;
  /** Where a character of `text` was written. */
  placeOf(offset: number): Place;
  /** The files it was put together from, each with the offset its text begins at. */
  readonly parts: readonly { readonly file: SourceFile; readonly from: number }[];
}

interface Piece {
  readonly text: string;
  readonly file: SourceFile;
  /** Where the piece begins in its file. */
  readonly from: number;
}

export type Files = ReadonlyMap<string, SourceFile>;

const SLOT = /<mj-content\s*\/>/;
const INCLUDE = /<mj-include\s+path="([^"]*)"\s*(?:\/>|>\s*<\/mj-include>)/g;

const starts = new WeakMap<SourceFile, readonly number[]>();

/** Line starts are found once: a file may have twenty thousand mistakes. */
function startsOf(file: SourceFile): readonly number[] {
  const known = starts.get(file);
  if (known !== undefined) return known;
  const found = [0, ...[...file.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  starts.set(file, found);
  return found;
}

export function placeIn(file: SourceFile, offset: number): Place {
  const all = startsOf(file);
  let [low, high] = [0, all.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((all[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: file.path, line: low + 1, column: offset - (all[low] ?? 0) + 1 };
}

/** `partials/footer.mjml` for `de-AT`: footer.de-AT.mjml, footer.de.mjml, footer.mjml. */
export function findLocalized(files: Files, path: string, locale: string): SourceFile | undefined {
  const stem = path.replace(/^\.\//, '').replace(/\.mjml$/, '');
  const language = locale.split('-')[0] ?? locale;
  const paths = [`${stem}.${locale}.mjml`, `${stem}.${language}.mjml`, `${stem}.mjml`];
  return paths.map((one) => files.get(one)).find((one) => one !== undefined);
}

/** The file's text from `bodyAt` on, poured into its layout (where it has one), with every include written out. */
export function assemble(
  files: Files,
  file: SourceFile,
  { bodyAt, locale, layout }: { bodyAt: number; locale: string; layout: SourceFile | null },
  report: Report,
): Source {
  const expand = (of: SourceFile, from: number, to: number, trail: readonly string[]): Piece[] => {
    const pieces: Piece[] = [];
    let done = from;
    for (const match of of.text.slice(from, to).matchAll(INCLUDE)) {
      const at = from + match.index;
      pieces.push({ file: of, from: done, text: of.text.slice(done, at) });
      done = at + match[0].length;
      const wanted = match[1] ?? '';
      const found = findLocalized(files, wanted, locale);
      if (found === undefined)
        report('template-include', placeIn(of, at), `There is no ${wanted} in templates/`, listed(files));
      else if (trail.includes(found.path))
        report(
          'template-include',
          placeIn(of, at),
          `${found.path} includes itself: ${[...trail, found.path].join(' > ')}`,
        );
      else pieces.push(...expand(found, 0, found.text.length, [...trail, found.path]));
    }
    pieces.push({ file: of, from: done, text: of.text.slice(done, to) });
    return pieces;
  };
  const body = expand(file, bodyAt, file.text.length, [file.path]);
  if (layout === null) return joined(body);
  const slot = SLOT.exec(layout.text);
  if (slot === null) {
    report(
      'template-include',
      placeIn(layout, 0),
      `${layout.path} is a layout without a place for the content`,
      'Write <mj-content /> where the template goes',
    );
    return joined(body);
  }
  const before = expand(layout, 0, slot.index, [layout.path]);
  const after = expand(layout, slot.index + slot[0].length, layout.text.length, [layout.path]);
  return joined([...before, ...body, ...after]);
}

function joined(pieces: readonly Piece[]): Source {
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length;
  }
  return {
    text: pieces.map((piece) => piece.text).join(''),
    parts: [...new Set(pieces.map((piece) => piece.file))].map((file) => ({
      file,
      from: Math.min(...pieces.filter((piece) => piece.file === file).map((piece) => piece.from)),
    })),
    placeOf(offset) {
      const index = Math.max(
        0,
        starts.findLastIndex((start) => start <= offset),
      );
      const piece = pieces[index];
      if (piece === undefined) return { file: '', line: 1, column: 1 };
      return placeIn(piece.file, piece.from + offset - (starts[index] ?? 0));
    },
  };
}

function listed(files: Files): string {
  const shared = [...files.keys()].filter((path) => path.includes('/')).sort();
  return shared.length > 0 ? `There are: ${shared.join(', ')}` : 'Partials stand in templates/partials/';
}

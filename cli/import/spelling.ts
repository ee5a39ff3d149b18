// Spellings of one thing: values of a column that differ only in case, spaces or marks, or by a slip in a long word.
// Promises: it only reports; mending is written into the map (rename), where it can be read.
import { editsBetween } from '../../engine/spelling.ts';

export interface Spelling {
  readonly column: string;
  readonly rare: string;
  readonly rareRows: number;
  readonly usual: string;
  readonly usualRows: number;
}

/** A column with more distinct values holds names or ids, not kinds. */
const mostKinds = 200;
const shortestSlip = 6;

export interface SpellingCount {
  add(column: string, value: string): void;
  find(): Spelling[];
}

export function spellingCount(): SpellingCount {
  const columns = new Map<string, Map<string, number>>();
  return {
    add(column, value) {
      if (value === '') return;
      const counts = columns.get(column) ?? new Map<string, number>();
      columns.set(column, counts);
      if (counts.size <= mostKinds) counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    find: () =>
      [...columns].flatMap(([column, counts]) => (counts.size > mostKinds ? [] : pairs(column, counts))),
  };
}

function pairs(column: string, counts: ReadonlyMap<string, number>): Spelling[] {
  const kinds = [...counts].filter(([value]) => /\p{L}{2}/u.test(value)).sort((a, b) => b[1] - a[1]);
  return kinds.flatMap(([rare, rareRows], at) => {
    const usual = kinds.slice(0, at).find(([value]) => isSame(value, rare));
    return usual ? [{ column, rare, rareRows, usual: usual[0], usualRows: usual[1] }] : [];
  });
}

function isSame(a: string, b: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  if (plain(a) === plain(b)) return true;
  // Figures tell kinds apart ("GTX 500", "GTX 600"); a slip is one edit in a word that holds none.
  if (/\d/.test(a + b) || Math.min(a.length, b.length) < shortestSlip) return false;
  return editsBetween(a.toLowerCase(), b.toLowerCase()) === 1;
}

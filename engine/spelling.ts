// "Did you mean": the known word that is nearest to an unknown one, or none where none is near.
// Distance is optimal string alignment (Damerau-Levenshtein without repeated edits), case ignored.

/** At most a third of the word may differ, and at most three letters. */
export function closest(word: string, known: Iterable<string>): string | null {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editsBetween(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best ?? beginningOf(word, known);
}

/** A known word that continues it, or that it continues: `renewal` and `renewal_on`. */
function beginningOf(word: string, known: Iterable<string>): string | null {
  if (word.length < 4) return null;
  return (
    [...known].find((each) => each.length >= 4 && (each.startsWith(word) || word.startsWith(each))) ?? null
  );
}

/** A hint for an unknown word: the nearest one, else what there is. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const all = [...known];
  const near = closest(word, all);
  if (near !== null) return `did you mean \`${near}\`?`;
  if (all.length === 0) return undefined;
  return `known: ${all.slice(0, 12).join(', ')}${all.length > 12 ? ', ...' : ''}`;
}

/** Optimal string alignment distance, O(a * b); case counts. */
export function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const step = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(isSwap ? Math.min(step, (before[j - 2] ?? 0) + 1) : step);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

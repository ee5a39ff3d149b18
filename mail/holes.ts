// Liquid carried through MJML and HTML-to-text unharmed: every `{{ }}` and `{% %}` becomes a word that neither tool reads
// anything into, and comes back afterwards. A word that does not come back was dropped: MJML never says so itself.
import { Tokenizer } from 'liquidjs';

export interface Holes {
  /** The text with a word in place of every piece of Liquid; line breaks stay where they were. */
  readonly text: string;
  /** Puts a further piece of text in the same form, for what is added to the document. */
  fill(text: string): string;
  /** Liquid again. */
  restore(text: string): string;
  /** Offsets, in the original text, of the Liquid that is nowhere in `text`. */
  missing(text: string): { readonly at: number; readonly liquid: string }[];
}

export function cutHoles(original: string): Holes {
  let word = 'lqz';
  while (original.toLowerCase().includes(word)) word += 'z';
  const cut: { at: number; liquid: string }[] = [];
  const fill = (text: string, from: number | null): string => {
    let filled = '';
    for (const { begin, end } of new Tokenizer(text).readTopLevelTokens()) {
      const token = text.slice(begin, end);
      if (!/^\{[{%]/.test(token)) {
        filled += token;
        continue;
      }
      cut.push({ at: from === null ? -1 : from + begin, liquid: token });
      filled += `${word}${cut.length - 1}x${'\n'.repeat(token.split('\n').length - 1)}`;
    }
    return filled;
  };
  const text = fill(original, 0);
  const pattern = new RegExp(`${word}(\\d+)x`, 'g');
  return {
    text,
    fill: (more) => fill(more, null),
    restore: (filled) => filled.replace(pattern, (_, index) => cut[Number(index)]?.liquid ?? ''),
    missing(filled) {
      const seen = new Set([...filled.matchAll(pattern)].map((match) => Number(match[1])));
      return cut.filter(
        ({ at, liquid }, index) =>
          at >= 0 && !seen.has(index) && !/^\{%-?\s*(#|(end)?comment\b)/.test(liquid),
      );
    },
  };
}

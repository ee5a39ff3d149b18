// Places: every value of a file knows its line and column, also inside folded and quoted texts; and no text, however
// hostile, makes the reader throw, hang or reach into a prototype.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Located, placeWithin, readSource } from '../../engine/source.ts';

function read(text: string): Located {
  const { root, refusals } = readSource({ path: 'f.yaml', text });
  if (root === null) throw new Error(refusals.map(({ message }) => message).join('; '));
  return root;
}

describe('a place', () => {
  it('is where a value begins, and is as long as it is on its line', () => {
    const root = read('a: one\nb:\n  - x\n  - { c: "two words" }\n');
    const list = root.keys.get('b')?.value;
    expect(root.keys.get('a')).toMatchObject({
      key: { line: 1, column: 1 },
      value: { line: 1, column: 4, length: 3 },
    });
    expect(list?.items[1]?.keys.get('c')?.value).toMatchObject({
      line: 4,
      column: 10,
      length: 11,
      value: 'two words',
    });
    expect(root.value).toEqual({ a: 'one', b: ['x', { c: 'two words' }] });
  });

  it.each([
    ['plain', 'k: first second\n', [1, 10]],
    ['quoted', 'k: "first second"\n', [1, 11]],
    ['escaped', 'k: "\\tfirst second"\n', [1, 13]],
    ['folded', 'k: >-\n  first\n  second\n', [3, 3]],
    ['literal', 'k: |\n  first\n  second\n', [3, 3]],
    ['over two lines', 'k: first\n   second\n', [2, 4]],
  ])('inside a %s text is found again in its source', (_, text, [line, column]) => {
    const scalar = read(text).keys.get('k')?.value;
    if (scalar === undefined) throw new Error('no value');
    const offset = String(scalar.value).indexOf('second');
    expect(placeWithin(scalar, offset, 6)).toMatchObject({ line, column, length: 6 });
  });
});

describe('a hostile text', () => {
  it.each([
    ['nested lists', '['.repeat(120_000)],
    ['nested mappings', '{a: '.repeat(50_000)],
    ['nested blocks', '- '.repeat(100_000)],
    [
      'an alias bomb',
      `a: &a [x, x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join('\n')}`,
    ],
    ['a million commas', ','.repeat(250_000)],
    ['many keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['one endless word', 'a'.repeat(300_000)],
    ['open quotes', '"'.repeat(250_000)],
  ])('of %s is refused before it is read whole', (_, text) => {
    expect(readSource({ path: 'f.yaml', text }).refusals.length).toBeGreaterThan(0);
  });

  it('reaches into no prototype', () => {
    const { root, refusals } = readSource({
      path: 'f',
      text: '__proto__: {p: 1}\nconstructor: {prototype: {p: 1}}\n',
    });
    expect(refusals.map(({ code }) => code)).toEqual(['forbidden-key', 'forbidden-key']);
    expect(Object.keys(root?.value ?? {})).toEqual([]);
    expect(({} as { p?: number }).p).toBeUndefined();
  });

  it('never makes it throw', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|',
      '>',
      '&',
      '*',
      '!',
      '#',
      '%',
      '?',
      ',',
      '\t',
      '\u0000',
      '~',
      '<<',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          readSource({ path: 'f.yaml', text });
        },
      ),
      { numRuns: 500 },
    );
  });
});

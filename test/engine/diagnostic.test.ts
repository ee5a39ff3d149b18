// Diagnostics as values: in order, each once, set aside by a comment, and printed with the line and a caret.
import { expect, it } from 'vitest';
import { codes } from '../../engine/codes.ts';
import { createDiagnostic, printDiagnostics, settle } from '../../engine/diagnostic.ts';
import { closest, suggest } from '../../engine/spelling.ts';

const file = {
  path: 'w.yaml',
  text: 'a: 1\n# lint-ignore no-else: known\nb: 22\n# lint-ignore no-else:\nc: 3\n',
};
const at = (line: number, column = 1, length = 1) => ({ file: 'w.yaml', line, column, length });

it('stand in order of place, each once', () => {
  const made = [at(5), at(1, 4), at(1, 2), at(5)].map((place) => createDiagnostic('bad-id', place, 'm'));
  expect(settle(made, [file]).map(({ line, column }) => [line, column])).toEqual([
    [1, 2],
    [1, 4],
    [5, 1],
  ]);
});

it('are set aside by the line above, for that code and with a reason', () => {
  const made = [at(3), at(5)].flatMap((place) =>
    ['no-else', 'bad-id'].map((code) => createDiagnostic(code, place, 'm')),
  );
  expect(settle(made, [file]).map(({ line, code }) => `${line} ${code}`)).toEqual([
    '3 bad-id',
    '5 bad-id',
    '5 no-else',
  ]);
});

it('are printed with their line, a caret as long as the value, and the hint', () => {
  const one = createDiagnostic('missing-locale', at(3, 4, 2), 'not in ru', 'write it');
  expect(printDiagnostics([one], [file])).toBe(
    'w.yaml:3:4  missing-locale (warning)  not in ru\n   3 | b: 22\n     |    ^^\n     = write it\n',
  );
});

it('show of a long line what is around the place', () => {
  const long = { path: 'l.yaml', text: `a: ${'x'.repeat(150)} HERE ${'y'.repeat(150)}` };
  const one = createDiagnostic('bad-id', { file: 'l.yaml', line: 1, column: 155, length: 4 }, 'm');
  const [, shown = '', carets = ''] = printDiagnostics([one], [long]).split('\n');
  expect(shown.length).toBeLessThan(130);
  expect(shown.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('HERE');
});

it('of a code that is not in the table are our own mistake', () => {
  expect(() => createDiagnostic('no-such-code', at(1), 'm')).toThrow(/no-such-code/);
  expect(codes['no-such-code']).toBeUndefined();
});

it('a word is taken for the nearest one, and for none where none is near', () => {
  const known = ['send', 'wait', 'branch', 'Qualification'];
  expect(
    ['sned', 'brunch', 'qualificatoin', 'Sent', 'x', 'survey'].map((word) => closest(word, known)),
  ).toEqual(['send', 'branch', 'Qualification', 'send', null, null]);
  expect(suggest('x', known)).toBe('known: send, wait, branch, Qualification');
  expect(suggest('x', [])).toBeUndefined();
});

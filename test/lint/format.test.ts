// The canonical form: of whatever lints clean and of made-up files it says the same, keeps every comment, and is its own
// form; the ids that are written lint clean.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSource } from '../../engine/source.ts';
import { formatSource } from '../../engine/source-format.ts';
import { writeIds } from '../../engine/source-ids.ts';
import { steps } from '../../steps/index.ts';

const root = join(import.meta.dirname, '..', '..');
const verbs = steps.map(({ verb }) => verb);

function yamlFiles(folder: string) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml'))
    .map((path) => ({ path: join(folder, path), text: readFileSync(join(root, folder, path), 'utf8') }));
}

const format = (text: string) => formatSource({ path: 'x.yaml', text });
const contentOf = (text: string) => readSource({ path: 'x.yaml', text }).root?.value;
/** The markers are made up, so that a `#` inside a text is none. */
const commentsIn = (text: string) => [...text.matchAll(/# mark-\d+/g)].map(([mark]) => mark).sort();

describe('the form', () => {
  it.each(yamlFiles('workflows'))('$path is shipped in it', ({ text }) => {
    expect(format(text)).toBe(text);
  });

  it.each(yamlFiles('test/lint/ok'))('$path says the same in it, and has it then', ({ text }) => {
    const once = format(text);
    expect(contentOf(once ?? '')).toEqual(contentOf(text));
    expect(format(once ?? '')).toBe(once);
  });

  it('orders keys, drops quotes that say nothing, and keeps comments where they were', () => {
    const text = `# top
topic:   "marketing"
workflow: 'a'
steps:
    # before
    - send: "intro"   # beside
      id: one
    # lint-ignore missing-locale: soon
    - { send: intro,   id: two }
enter: {when: "deal won"}
`;
    expect(format(text)).toBe(`# top
workflow: a
enter: { when: deal won }
topic: marketing
steps:
  # before
  - id: one
    send: intro # beside
  # lint-ignore missing-locale: soon
  - { id: two, send: intro }
`);
  });

  it.each(['a: [', 'a: 1\na: 2\n', 'a: &x 1\nb: *x\n', '\tb: 1'])('refuses %j', (text) => {
    expect(format(text)).toBeNull();
  });

  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('yes', '1', '1.0', 'null', '~', 'a: b', '# no', "it's", '"x"', ' a ', 'a\nb', '', '- x'),
  );
  const comment = fc.option(fc.nat(999), { nil: null });
  const step = fc.record({ send: word, note: comment, beside: comment });

  it('of any workflow says the same, keeps every comment, and stays', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), word, (list, description) => {
        const body = list.map(({ send, note, beside }, i) => {
          const above = note === null ? '' : `  # mark-${note}\n`;
          return `${above}  - send: ${JSON.stringify(send)}${beside === null ? '' : `  # mark-${beside}`}\n    id: s${i}\n`;
        });
        const text = `steps:\n${body.join('')}description: ${JSON.stringify(description)}\nworkflow: w\n`;
        const once = format(text);
        if (contentOf(text) === undefined) return;
        expect(once).not.toBeNull();
        expect(contentOf(once ?? '')).toEqual(contentOf(text));
        expect(commentsIn(once ?? '')).toEqual(commentsIn(text));
        expect(format(once ?? '')).toBe(once);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

describe('written ids', () => {
  const write = (text: string) => writeIds({ path: 'x.yaml', text }, verbs);

  it('are unique, say what the step does, and leave the rest of the text alone', () => {
    const text = `workflow: a
renamed: { send-intro-2: gone }
steps:
  - send: intro # first
  - { send: intro }
  - id: which
    branch:
      - if: deal.amount > 3
        steps:
          - wait: 2 business days
      - else: []
`;
    const found = write(text);
    expect(found?.written.map(({ line, id }) => `${line} ${id}`)).toEqual([
      '4 send-intro',
      '5 send-intro-3',
      '10 wait-2-business-days',
    ]);
    expect(found?.text).toBe(
      text
        .replace('- send: intro # first', '- id: send-intro\n    send: intro # first')
        .replace('{ send: intro }', '{ id: send-intro-3, send: intro }')
        .replace('- wait: 2', '- id: wait-2-business-days\n            wait: 2'),
    );
    expect(write(found?.text ?? '')?.written).toEqual([]);
  });

  it('keep the line ends of Windows, and leave a broken file alone', () => {
    expect(write('steps:\r\n  - send: a\r\n')?.text).toBe('steps:\r\n  - id: send-a\r\n    send: a\r\n');
    expect(write('steps: [')).toBeNull();
  });
});

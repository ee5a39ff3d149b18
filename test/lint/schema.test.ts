// workflows/schema.json is what the program knows: run `npx vitest run test/lint/schema -u` after a change of shapes.
// What lints clean is valid by it, so that no editor underlines what is right.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { declarations } from '../../engine/declarations.ts';
import { schemaOfDeclaration, schemaOfWorkflows } from '../../engine/schema.ts';
import { readSource } from '../../engine/source.ts';
import { steps } from '../../steps/index.ts';

const root = join(import.meta.dirname, '..', '..');
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const schema = schemaOfWorkflows(steps);
const isWorkflow = ajv.compile(schema);

interface File {
  readonly path: string;
  readonly text: string;
}

function yamlFiles(folder: string): File[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith('.yaml') && statSync(join(root, path)).isFile())
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

const clean = [...yamlFiles('workflows'), ...yamlFiles('test/lint/ok')];
const workflows = clean.filter(({ text }) => /^workflow:/m.test(text));
const contentOf = (file: File) => readSource(file).root?.value;

describe('the schema', () => {
  it('is the one that is shipped', async () => {
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(root, 'workflows/schema.json'));
  });

  it('of calendars is the one that stands beside them, and they are valid by it', async () => {
    const declaration = declarations.find(({ file }) => file === 'calendars/*.yaml');
    if (declaration === undefined) throw new Error('calendars are declared no more');
    const own = schemaOfDeclaration(declaration);
    const text = `${JSON.stringify(own, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(root, 'workflows/calendars/schema.json'));
    const isCalendar = ajv.compile(own);
    for (const file of yamlFiles('workflows/calendars'))
      expect([file.path, isCalendar(contentOf(file))]).toEqual([file.path, true]);
  });

  it.each(workflows)('$path is valid', (file) => {
    isWorkflow(contentOf(file));
    expect(isWorkflow.errors ?? []).toEqual([]);
  });

  it('every shipped workflow names it in its first line', () => {
    const own = workflows.filter(({ path }) => path.startsWith('workflows/'));
    const line = '# yaml-language-server: $schema=./schema.json';
    expect(own.filter(({ text }) => !text.startsWith(line)).map(({ path }) => path)).toEqual([]);
  });

  it.each(steps)('the example of $verb is valid, and nothing else may stand in the step', ({ doc, verb }) => {
    const block = readSource({ path: 'x.yaml', text: doc.example }).root?.value as Record<string, unknown>[];
    const file = (items: unknown) => ({ workflow: 'x', enter: { when: 'deal won' }, steps: items });
    isWorkflow(file(block));
    expect(isWorkflow.errors ?? []).toEqual([]);
    const wrong = block.map((step) => (verb in step ? { ...step, sent: true } : step));
    expect(isWorkflow(file(wrong))).toBe(false);
  });

  it.each([
    ['without an id', [{ send: 'intro' }]],
    ['without a verb', [{ id: 'a' }]],
    ['with a wrong step inside a branch', [{ id: 'a', branch: [{ else: [{ id: 'b', waits: '3d' }] }] }]],
  ])('refuses a step %s', (_, items) => {
    expect(isWorkflow({ workflow: 'x', enter: { when: 'deal won' }, steps: items })).toBe(false);
  });

  it.each(declarations)('the example of $file is valid by its own', (declaration) => {
    const isDeclaration = ajv.compile(schemaOfDeclaration(declaration));
    isDeclaration(readSource({ path: 'x.yaml', text: declaration.doc.example }).root?.value);
    expect(isDeclaration.errors ?? []).toEqual([]);
  });
});

// Writes the ids that steps lack into the text itself, so that comments and form stay as they are. An id says the verb and
// its value, is unique in the file, and is none that the file says was renamed or taken out.
import { idPattern } from './shapes.ts';
import { type Located, type Place, readSource, type SourceFile } from './source.ts';

export interface WrittenId extends Place {
  readonly id: string;
}

/** The text with its ids, and where they were written; null where the text cannot be read. */
export function writeIds(
  file: SourceFile,
  verbs: readonly string[],
): { readonly text: string; readonly written: readonly WrittenId[] } | null {
  const { root, refusals } = readSource(file);
  if (root === null || refusals.length > 0) return null;
  const list = root.keys.get('steps')?.value;
  const steps = list === undefined ? [] : stepsIn(list, verbs);
  const taken = new Set([...steps.map(idOf), ...keysOf(root, 'renamed'), ...keysOf(root, 'removed')]);
  const written = steps
    .filter((step) => !step.keys.has('id'))
    .map(({ file: of, line, column, keys, raw }) => {
      const id = unused(nameOf(keys, verbs), taken);
      taken.add(id);
      return { file: of, line, column, length: 1, id, isInline: raw.startsWith('{') };
    });
  const lines = file.text.split('\n');
  // From the end on, so that lines keep their numbers.
  for (const { line, column, id, isInline } of [...written].reverse()) {
    const text = lines[line - 1] ?? '';
    const at = isInline ? column : column - 1;
    const end = text.endsWith('\r') ? '\r\n' : '\n';
    const own = isInline ? ` id: ${id},` : `id: ${id}${end}${' '.repeat(column - 1)}`;
    lines[line - 1] = `${text.slice(0, at)}${own}${text.slice(at)}`;
  }
  return { text: lines.join('\n'), written };
}

/** Every mapping of a list that says what it does, in this list and in those below it. */
function stepsIn(at: Located, verbs: readonly string[]): Located[] {
  return at.items.flatMap((item) => {
    const isStep = verbs.some((verb) => item.keys.has(verb));
    const inner = [...[...item.keys.values()].map(({ value }) => value), ...item.items];
    return [...(isStep ? [item] : []), ...inner.flatMap((each) => listsIn(each, verbs))];
  });
}

function listsIn(at: Located, verbs: readonly string[]): Located[] {
  if (at.items.length > 0) return stepsIn(at, verbs);
  return [...at.keys.values()].flatMap(({ value }) => listsIn(value, verbs));
}

const idOf = ({ keys }: Located) => String(keys.get('id')?.value.value);
const keysOf = (root: Located, key: string) => [...(root.keys.get(key)?.value.keys.keys() ?? [])];

const longest = 40;

function nameOf(keys: Located['keys'], verbs: readonly string[]): string {
  const verb = verbs.find((each) => keys.has(each)) ?? 'step';
  const value = keys.get(verb)?.value.value;
  const words = typeof value === 'string' || typeof value === 'number' ? `${verb} ${value}` : verb;
  const name = words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-+|-+$/g, '');
  return idPattern.test(name) ? name : 'step';
}

function unused(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? name : `${name}-${n}`;
    if (!taken.has(id)) return id;
  }
}

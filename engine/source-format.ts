// The canonical form of a workflow file: keys in the order in which one reads them, two spaces, plain text where YAML lets
// it stand, comments where they were. Formatting twice changes nothing more, and never what a file says; a text that
// cannot be read is answered as it is.
import { type Document, isMap, isScalar, isSeq, Lexer, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { readSource, type SourceFile } from './source.ts';

/** The order of keys, by the mapping they stand in; what is not named keeps its place behind them. */
const order = {
  workflow: [
    'workflow',
    'description',
    'owner',
    'enter',
    'exit',
    'send_window',
    'topic',
    'steps',
    'in_flight',
    'renamed',
    'removed',
    'tests',
  ],
  enter: ['when', 'only_if', 'again', 'per', 'limit', 'holdout', 'rollout'],
  exit: ['when', 'outcome', 'goal'],
  story: ['name', 'at', 'given', 'when', 'expect'],
  arm: ['if', 'steps'],
} as const;

/** null where the text has mistakes of form, which lint tells. */
export function formatSource(file: SourceFile): string | null {
  const { root, refusals } = readSource(file);
  if (root === null || refusals.length > 0) return null;
  const document = parse(file.text);
  if (isMap(document.contents) && document.contents.has('workflow')) sortWorkflow(document.contents);
  visitScalars(document);
  const text = write(document);
  return saysTheSame(root.value, text) ? text : null;
}

const parse = (text: string) =>
  parseDocument(text.replace(/\r\n/g, '\n'), {
    version: '1.2',
    schema: 'core',
    // Twice the same key was refused before; the library compares every one with every other.
    uniqueKeys: false,
  });

function write(document: Document): string {
  const text = document.toString({ lineWidth: 0, indent: 2, indentSeq: true, singleQuote: true });
  return tightLists(text);
}

/** `{ a: 1 }` but `[a, b]`: the library pads both or neither. */
function tightLists(text: string): string {
  if (!/\[ | \]/.test(text)) return text;
  const tokens = [...new Lexer().lex(text)].filter((token) => !markers.has(token));
  return tokens
    .filter((token, i) => !/^ +$/.test(token) || (tokens[i - 1] !== '[' && tokens[i + 1] !== ']'))
    .join('');
}

/** The lexer's own signs for the begin of a document or a scalar; they stand in no text. */
const markers = new Set(['\u0002', '\u0018', '\u001f']);

/** A form that would change what is said is no form: then the file stays as it is. */
function saysTheSame(before: unknown, after: string): boolean {
  return JSON.stringify(sorted(before)) === JSON.stringify(sorted(parse(after).toJS()));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, sorted(each)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sortWorkflow(root: YAMLMap): void {
  sortKeys(root, order.workflow);
  const enter = root.get('enter');
  if (isMap(enter)) sortKeys(enter, order.enter);
  for (const exit of mapsIn(root.get('exit'))) sortKeys(exit, order.exit);
  for (const story of mapsIn(root.get('tests'))) sortKeys(story, order.story);
  sortSteps(root.get('steps'));
}

/** A step begins with its id; an arm with what it asks. */
function sortSteps(list: unknown): void {
  for (const step of mapsIn(list)) {
    sortKeys(step, step.has('id') ? ['id'] : order.arm);
    for (const { value } of step.items) sortSteps(value);
    for (const { value } of step.items) if (isMap(value)) for (const arm of value.items) sortSteps(arm.value);
  }
}

const mapsIn = (list: unknown): YAMLMap[] => (isSeq(list) ? list.items.filter((item) => isMap(item)) : []);

function sortKeys(map: YAMLMap, keys: readonly string[]): void {
  const rank = ({ key }: Pair) => {
    const at = keys.indexOf(String(isScalar(key) ? key.value : key));
    return at < 0 ? keys.length : at;
  };
  const before = map.items.map((pair) => pair);
  const after = [...before].sort((a, b) => rank(a) - rank(b));
  if (after.every((pair, i) => pair === before[i])) return;
  map.items = after;
  // What stands above the first key speaks of the whole mapping, and stays above it.
  const [from, to] = [before[0]?.key, after[0]?.key];
  if (!isScalar(from) || !isScalar(to) || from === to || !from.commentBefore) return;
  to.commentBefore = [from.commentBefore, to.commentBefore].filter(Boolean).join('\n');
  delete from.commentBefore;
}

/** Quotes go where plain text says the same; the library puts them back where it does not. */
function visitScalars({ contents }: Document): void {
  const visit = (node: unknown): void => {
    if (isMap(node))
      for (const { key, value } of node.items) {
        visit(key);
        visit(value);
      }
    else if (isSeq(node)) for (const item of node.items) visit(item);
    else if (isScalar(node) && typeof node.value === 'string' && /^QUOTE_/.test(node.type ?? ''))
      node.type = 'PLAIN';
  };
  visit(contents);
}

// Markup as a tree whose every element knows where it was written: of MJML sources, for what was left open or stands where
// it is dropped, and of the finished HTML, for what a reader sees. Forgiving, as mail clients are: nothing throws.

export interface Element {
  /** In lower case. */
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly at: number;
  readonly parent: Element | null;
  readonly children: (Element | Text)[];
}
export interface Text {
  readonly text: string;
  readonly at: number;
}
export interface Tree {
  readonly root: Element;
  /** Opened and never closed. */
  readonly unclosed: readonly Element[];
  /** Closed without having been opened. */
  readonly strays: readonly { readonly tag: string; readonly at: number }[];
}

const VOID = new Set(
  'area base br col embed hr img input link meta source track wbr mj-content mj-include'.split(' '),
);
/** Their content is no markup. */
const RAW = new Set(['style', 'script', 'mj-style', 'title', 'mj-title', 'mj-preview']);
const PIECE =
  /<!--[\s\S]*?-->|<![^>]*>|<(\/?)([a-z][a-z0-9:-]*)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>|[^<]+|</gi;
const ATTRIBUTE = /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

interface Reading {
  readonly text: string;
  readonly root: Element;
  open: Element;
  readonly unclosed: Element[];
  readonly strays: { readonly tag: string; readonly at: number }[];
}

/** Liquid is passed over: a tag counts for nothing, an output for a letter. */
export function readTree(markup: string): Tree {
  const text = markup
    .replace(/\{%[\s\S]*?%\}/g, (liquid) => liquid.replace(/[^\n]/g, ' '))
    .replace(/\{\{[\s\S]*?\}\}/g, (liquid) => liquid.replace(/[^\n]/g, 'x'));
  const root: Element = { tag: '', attributes: new Map(), at: 0, parent: null, children: [] };
  const reading: Reading = { text, root, open: root, unclosed: [], strays: [] };
  const piece = new RegExp(PIECE);
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    const [all, slash, name] = match;
    if (name === undefined) {
      if (!all.startsWith('<!')) reading.open.children.push({ text: all, at: match.index });
    } else if (slash === '/') close(reading, name.toLowerCase(), match.index);
    else piece.lastIndex = begin(reading, match, piece.lastIndex);
  }
  for (; reading.open !== root; reading.open = reading.open.parent ?? root)
    reading.unclosed.push(reading.open);
  return { root, unclosed: reading.unclosed.sort((a, b) => a.at - b.at), strays: reading.strays };
}

/** Answers where reading goes on. */
function begin(reading: Reading, match: RegExpExecArray, from: number): number {
  const [, , name = '', attributes = '', isClosedAtOnce] = match;
  const tag = name.toLowerCase();
  const parent = reading.open;
  const element: Element = {
    tag,
    attributes: readAttributes(attributes),
    at: match.index,
    parent,
    children: [],
  };
  parent.children.push(element);
  if (isClosedAtOnce === '/' || VOID.has(tag)) return from;
  if (RAW.has(tag)) return skipRaw(reading, element, from);
  reading.open = element;
  return from;
}

function close(reading: Reading, tag: string, at: number): void {
  const opened = ancestor(reading.open, tag);
  if (opened === null) {
    reading.strays.push({ tag, at });
    return;
  }
  for (; reading.open !== opened; reading.open = reading.open.parent ?? reading.root)
    reading.unclosed.push(reading.open);
  reading.open = opened.parent ?? reading.root;
}

export function* elements(of: Element): Generator<Element> {
  for (const child of of.children)
    if ('tag' in child) {
      yield child;
      yield* elements(child);
    }
}

export function textOf(element: Element): string {
  return element.children.map((child) => ('tag' in child ? textOf(child) : child.text)).join('');
}

/** Where it goes on after the closing tag. */
function skipRaw({ text, unclosed }: Reading, element: Element, from: number): number {
  const end = text.toLowerCase().indexOf(`</${element.tag}`, from);
  if (end < 0) {
    unclosed.push(element);
    return text.length;
  }
  element.children.push({ text: text.slice(from, end), at: from });
  return text.indexOf('>', end) + 1 || text.length;
}

function ancestor(from: Element, tag: string): Element | null {
  for (let one: Element | null = from; one !== null; one = one.parent) if (one.tag === tag) return one;
  return null;
}

function readAttributes(text: string): Map<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)];
  return new Map(found.map(([, name = '', a, b, c]) => [name.toLowerCase(), a ?? b ?? c ?? '']));
}

// What a reader's mail client makes of the styles of a mail, as far as its letters go: colour, ground and size, by inline
// styles, rules and inheritance, in the light and in the dark scheme. Selectors of tags, classes and their nesting are
// understood; a rule with anything else in it is passed over, and so decides nothing here.
import { type Element, elements, textOf } from './tree.ts';

export type Scheme = 'light' | 'dark';

export interface Rule {
  readonly selector: readonly Compound[];
  readonly declarations: readonly Declaration[];
  readonly scheme: Scheme | 'both';
}
interface Compound {
  readonly tag: string | null;
  readonly classes: readonly string[];
  /** How it is joined to the one before it. */
  readonly joint: ' ' | '>';
}
export interface Declaration {
  readonly property: string;
  readonly value: string;
  readonly isImportant: boolean;
}

/** Of every <style> in the document, in order. */
export function readRules(root: Element): Rule[] {
  const sheets = [...elements(root)].filter((one) => one.tag === 'style').map(textOf);
  return sheets.flatMap((sheet) => readSheet(sheet.replace(/\/\*[\s\S]*?\*\//g, ''), 'both'));
}

function readSheet(sheet: string, scheme: Rule['scheme']): Rule[] {
  const rules: Rule[] = [];
  for (let at = 0; at < sheet.length; ) {
    const open = sheet.indexOf('{', at);
    if (open < 0) return rules;
    const close = closingOf(sheet, open);
    const [head, body] = [sheet.slice(at, open).trim(), sheet.slice(open + 1, close)];
    if (/^@media/i.test(head)) rules.push(...readMedia(head, body, scheme));
    else if (!head.startsWith('@')) rules.push(...readRule(head, body, scheme));
    at = close + 1;
  }
  return rules;
}

/** Of the media, dark mode and wide screens are looked at; a phone's differ in room, not in colour. */
function readMedia(head: string, body: string, scheme: Rule['scheme']): Rule[] {
  if (/prefers-color-scheme:\s*dark/i.test(head)) return readSheet(body, 'dark');
  if (/prefers-color-scheme:\s*light/i.test(head)) return readSheet(body, 'light');
  return /max-width/i.test(head) ? [] : readSheet(body, scheme);
}

function readRule(head: string, body: string, scheme: Rule['scheme']): Rule[] {
  const declarations = readDeclarations(body);
  return head.split(',').flatMap((text) => {
    const selector = readSelector(text.trim());
    return selector === null ? [] : [{ selector, declarations, scheme }];
  });
}

function readSelector(text: string): Compound[] | null {
  const parts = text.replace(/\s*>\s*/g, ' >').split(/\s+/);
  const compounds = parts.map((part): Compound | null => {
    const [, joint, tag = '', classes = ''] = /^(>?)([a-z][a-z0-9]*|\*)?((?:\.[\w-]+)*)$/i.exec(part) ?? [];
    if (joint === undefined || (tag === '' && classes === '')) return null;
    return {
      tag: tag === '' || tag === '*' ? null : tag.toLowerCase(),
      classes: classes.split('.').filter(Boolean),
      joint: joint === '>' ? '>' : ' ',
    };
  });
  return compounds.every((one) => one !== null) ? compounds : null;
}

function readDeclarations(text: string): Declaration[] {
  return text.split(';').flatMap((part) => {
    const [, property = '', value = '', important] =
      /^\s*([a-z-]+)\s*:\s*([\s\S]*?)\s*(!\s*important)?\s*$/i.exec(part) ?? [];
    return property === ''
      ? []
      : [{ property: property.toLowerCase(), value, isImportant: important !== undefined }];
  });
}

/** What holds for the element itself, the last word last. */
export function stylesOf(element: Element, rules: readonly Rule[], scheme: Scheme): readonly Declaration[] {
  const ofSheets = rules
    .filter((rule) => (rule.scheme === 'both' || rule.scheme === scheme) && matches(element, rule.selector))
    .map((rule) => ({ rank: rankOf(rule.selector), of: rule.declarations }))
    .sort((a, b) => a.rank - b.rank)
    .flatMap((one) => one.of);
  const inline = readDeclarations(element.attributes.get('style') ?? '');
  const said = [...ofSheets, ...inline];
  return [...said.filter((one) => !one.isImportant), ...said.filter((one) => one.isImportant)];
}

function rankOf(selector: readonly Compound[]): number {
  return selector.reduce((sum, { tag, classes }) => sum + classes.length * 100 + (tag === null ? 0 : 1), 0);
}

function matches(element: Element, selector: readonly Compound[]): boolean {
  const last = selector.at(-1);
  if (last === undefined) return true;
  if (!fits(element, last)) return false;
  const before = selector.slice(0, -1);
  if (before.length === 0) return true;
  for (let one = element.parent; one !== null; one = one.parent) {
    if (matches(one, before)) return true;
    if (last.joint === '>') return false;
  }
  return false;
}

function fits(element: Element, { tag, classes }: Compound): boolean {
  if (tag !== null && element.tag !== tag) return false;
  const own = (element.attributes.get('class') ?? '').split(/\s+/);
  return classes.every((name) => own.includes(name));
}

/** The offset of the brace that closes the one at `open`. */
function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

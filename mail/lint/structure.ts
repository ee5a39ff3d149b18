// What MJML takes in silence and mail clients do not forgive: elements left open, words where it drops them, includes that
// it passes over, styles that break Liquid; and what a screen reader needs to find its way.
import { paletteNames } from '../../engine/brand.ts';
import { suggest } from '../../engine/spelling.ts';
import { BRAND } from '../dress.ts';
import type { Check, Draft, Written } from './draft.ts';
import { type Element, elements, readTree, textOf } from './tree.ts';

/** HTML closes these itself. */
const CLOSES_ITSELF = new Set(['p', 'li', 'td', 'tr', 'th', 'tbody', 'thead', 'option', 'dt', 'dd']);
/** Hold elements alone: MJML drops words between them. */
const HOLDS_NO_WORDS =
  /^(mjml|mj-(head|body|section|column|wrapper|group|attributes|hero|navbar|social|accordion|carousel))$/;

export const isClosed: Check<Written> = ({ source }, report) => {
  const { unclosed, strays } = readTree(source.text);
  for (const { tag, at } of unclosed)
    if (!CLOSES_ITSELF.has(tag))
      report('template-unclosed', source.placeOf(at), `<${tag}> is never closed`, `</${tag}> where it ends`);
  for (const { tag, at } of strays)
    report(
      'template-unclosed',
      source.placeOf(at),
      `</${tag}> closes nothing`,
      `Write <${tag}> before it, or leave it out`,
    );
};

export const usesTheBrand: Check<Written> = ({ source }, report) => {
  const known: readonly string[] = paletteNames;
  for (const { 0: all, 1: name = '', index } of source.text.matchAll(BRAND))
    if (!known.includes(name))
      report('template-variable', source.placeOf(index), `There is no ${all}`, suggest(name, known));
};

export const keepsItsWords: Check<Written> = ({ source }, report) => {
  const { root } = readTree(source.text);
  for (const element of elements(root)) {
    if (!HOLDS_NO_WORDS.test(element.tag)) continue;
    for (const child of element.children) {
      const words = 'tag' in child ? '' : child.text.trim();
      if (words === '' || 'tag' in child || /^x+$/.test(words)) continue;
      report(
        'template-dropped',
        source.placeOf(child.at + child.text.indexOf(words)),
        `MJML drops "${words.slice(0, 40)}" here in silence`,
        'Words stand in <mj-text>',
      );
    }
  }
};

export const includesAreRead: Check<Written> = ({ source }, report) => {
  for (const match of source.text.matchAll(/<mj-include\b[^>]*>/g))
    report(
      'template-include',
      source.placeOf(match.index),
      `${match[0].slice(0, 60)} is not read`,
      '<mj-include path="partials/footer.mjml" />: a path in double quotes and nothing else',
    );
};

/** `inline="inline"` runs the styles through a tool that takes Liquid for text. */
export const stylesHoldNoLiquid: Check<Written> = ({ source }, report) => {
  for (const match of source.text.matchAll(/<mj-style\b([^>]*)>([\s\S]*?)<\/mj-style>/g)) {
    const [, attributes = '', styles = ''] = match;
    const liquid = /\{[{%][\s\S]*?[}%]\}/.exec(styles)?.[0];
    if (/\binline\s*=/.test(attributes) && liquid !== undefined)
      report(
        'template-inline',
        source.placeOf(match.index + match[0].indexOf(liquid)),
        `An inline style breaks ${liquid.slice(0, 40)}`,
        'Leave inline out, or write the style at its element',
      );
  }
};

export const speaksItsLanguage: Check<Draft> = ({ html, locale, source, top }, report) => {
  const { root } = readTree(html);
  const page = [...elements(root)].find((one) => one.tag === 'html');
  const language = page?.attributes.get('lang') ?? '';
  const wanted = locale === 'default' ? '' : (locale.split('-')[0] ?? '');
  if (language === '' || (wanted !== '' && language.toLowerCase().split('-')[0] !== wanted)) {
    const at = source.text.indexOf('lang=');
    report(
      'template-lang',
      at < 0 ? top : source.placeOf(at),
      `The mail says that its language is "${language}"`,
      wanted === '' ? 'lang="en"' : `lang="${locale}", or leave it out: the file's name says it`,
    );
  }
  const title = [...elements(root)].find((one) => one.tag === 'title');
  if (title !== undefined && textOf(title).trim() !== '') return;
  const at = source.text.indexOf('<mj-title');
  report(
    'template-title',
    at < 0 ? top : source.placeOf(at),
    'The title is empty: screen readers begin with it',
    'Leave <mj-title> out: the subject is taken',
  );
};

/** A table that lays out is read aloud cell by cell unless it says that it is one; a table with headings is one of facts. */
export const tablesSayWhatTheyAre: Check<Written> = ({ source }, report) => {
  const { root } = readTree(source.text);
  for (const table of elements(root)) {
    const hasHeadings = [...elements(table)].some((one) => one.tag === 'th');
    const role = table.attributes.get('role');
    if (table.tag !== 'table' || isFact(role) || hasHeadings) continue;
    report(
      'template-role',
      source.placeOf(table.at),
      'A table without headings and without a role',
      'role="presentation" where it lays out; <th> where it shows facts',
    );
  }
};

const isFact = (role: Element['tag'] | undefined) =>
  role === 'presentation' || role === 'none' || role === 'table';

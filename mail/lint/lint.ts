// What makes a mail unreadable, unlawful or undelivered, and what MJML lets pass: a list of small checks over the source
// (for the place) and the finished HTML (for the truth). A new check is a function in the list and a code in codes.ts.
import type { Report } from '../codes.ts';
import { placeIn, type Source } from '../source.ts';
import type { Check, Draft, Written } from './draft.ts';
import { isReadable } from './look.ts';
import {
  includesAreRead,
  isClosed,
  keepsItsWords,
  speaksItsLanguage,
  stylesHoldNoLiquid,
  tablesSayWhatTheyAre,
  usesTheBrand,
} from './structure.ts';

/** Gmail cuts a mail at 102 KB, and the footer with it. */
const CLIP_BYTES = 100_000;
const NEAR_CLIP_BYTES = 80_000;
const LIQUID = /\{\{.*?\}\}|\{%.*?%\}/gs;

const hasUnsubscribeInText: Check<Written> = ({ topic, written }, report) => {
  if (topic === null) return;
  if (written !== undefined && !/\{\{-?\s*links\.unsubscribe\b/.test(written.text))
    report(
      'template-unsubscribe',
      placeIn(written, 0),
      `The text part of mail for "${topic}" has no link to unsubscribe`,
      'Unsubscribe: {{ links.unsubscribe }}',
    );
};

const hasUnsubscribe: Check<Draft> = ({ html, topic, top }, report) => {
  if (topic === null || /<a\b[^>]*\bhref="[^"]*\{\{-?\s*links\.unsubscribe\b/s.test(html)) return;
  report(
    'template-unsubscribe',
    top,
    `Mail for "${topic}" has no link to unsubscribe`,
    '<a href="{{ links.unsubscribe }}">Unsubscribe</a>, best in the layout',
  );
};

const hasAlt: Check<Written> = ({ source }, report) => {
  for (const tag of tags(source, 'mj-image|img|mj-carousel-image'))
    if (!/\salt\s*=/.test(tag.text))
      report(
        'template-alt',
        source.placeOf(tag.at),
        'An image without alt text',
        'alt="What it shows"; alt="" where it is only decoration',
      );
};

const hasGoodLinks: Check<Written> = ({ source }, report) => {
  for (const tag of tags(source, '[a-z][a-z0-9-]*'))
    for (const match of tag.text.matchAll(
      /\s(href|src|background-url|srcset)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
    )) {
      const [, attribute = '', double, single] = match;
      const value = (double ?? single ?? '').trim();
      const wrong = wrongLink(value, attribute);
      if (wrong) report('template-link', source.placeOf(tag.at + match.index + 1), wrong.message, wrong.hint);
    }
};

function wrongLink(value: string, attribute: string): { message: string; hint: string } | null {
  if (/^https:\/\/[^/?#]*\{/i.test(value))
    return {
      message: `The host of ${value.slice(0, 60)} is what others write`,
      hint: 'Write the host yourself: https://acme.example/{{ … | url_encode }}',
    };
  if (attribute === 'src' && /^\{\{-?\s*identity\.logo\s*-?\}\}$/.test(value)) return null;
  const ours = /^\{\{-?\s*links\.(unsubscribe|preferences|confirm|task|survey|form)\b/.test(value);
  if (ours || /^(https:\/\/|mailto:|tel:|#.)/i.test(value) || (attribute !== 'href' && /^data:/i.test(value)))
    return null;
  if (value === '' || value === '#')
    return { message: `An empty ${attribute}`, hint: 'Write the whole address: https://…' };
  if (/^http:/i.test(value)) return { message: `${value} is not encrypted`, hint: `https:${value.slice(5)}` };
  if (/^\{/.test(value))
    return {
      message: `The address begins with ${value.slice(0, 40)}, which others write`,
      hint: 'Write the host yourself: https://acme.example/{{ … | url_encode }}',
    };
  return {
    message: `${value.slice(0, 60)} is no whole address: a mail has no page to be relative to`,
    hint: 'https://…',
  };
}

const hasNothingForbidden: Check<Written> = ({ source }, report) => {
  for (const tag of tags(
    source,
    'script|form|iframe|object|embed|input|textarea|select|button|base|applet|link',
  ))
    report(
      'template-forbidden',
      source.placeOf(tag.at),
      `${tag.text.split(/[\s>]/)[0]}> does not work in a mail`,
      'Link to a page that has it',
    );
  for (const tag of tags(source, '[a-z][a-z0-9-]*')) {
    const inline = /\son[a-z]+\s*=/i.exec(tag.text.replace(LIQUID, ''));
    if (inline)
      report(
        'template-forbidden',
        source.placeOf(tag.at),
        `${inline[0].trim()} runs a script: mail clients remove it`,
      );
    const embedded = /\s(?:src|background-url)\s*=\s*["']data:/i.exec(tag.text);
    if (embedded)
      report(
        'template-forbidden',
        source.placeOf(tag.at + embedded.index + 1),
        'An image inside the mail: Gmail and Outlook do not show it',
        'Put it on a server and link to it',
      );
  }
};

/** Colours and pictures that a style brings along, and addresses of the text part. */
const hasGoodAddresses: Check<Written> = ({ source, written }, report) => {
  for (const match of source.text.matchAll(/url\(\s*["']?(http:|data:)|@import\b/gi))
    report(
      'template-forbidden',
      source.placeOf(match.index),
      `${match[0]} in a style: mail clients do not load it`,
      'A picture stands in <mj-image>, with an https address',
    );
  for (const match of written?.text.matchAll(/\bhttp:\/\/\S+/g) ?? [])
    if (written !== undefined)
      report(
        'template-link',
        placeIn(written, match.index),
        `${match[0]} is not encrypted`,
        match[0].replace(/^http:/, 'https:'),
      );
};

/** What a tracked link grows to: a host, two ids and a signature. */
const TRACKED = 'x'.repeat(130);

const fitsUnderClip: Check<Draft> = ({ html, top }, report) => {
  const rewritten = html.replace(/\{% if links\.to %\}.*?\{% endif %\}/gs, TRACKED);
  const bytes = Buffer.byteLength(rewritten);
  const told = `${bytes.toLocaleString('en')} bytes of HTML, links rewritten, before names are filled in`;
  if (bytes > CLIP_BYTES) report('template-size', top, told, 'Gmail cuts at 102 KB: shorten it');
  else if (bytes > NEAR_CLIP_BYTES) report('template-large', top, told, 'Gmail cuts at 102 KB');
};

/** What the source alone gives away: told also where MJML will not have it. */
const SOURCE_CHECKS: readonly Check<Written>[] = [
  ...[hasAlt, hasGoodLinks, hasGoodAddresses, hasNothingForbidden, hasUnsubscribeInText],
  ...[isClosed, usesTheBrand, keepsItsWords, includesAreRead, stylesHoldNoLiquid, tablesSayWhatTheyAre],
];
const HTML_CHECKS: readonly Check<Draft>[] = [
  ...[hasUnsubscribe, fitsUnderClip, speaksItsLanguage, isReadable],
];

export function lintSource(written: Written, report: Report): void {
  for (const check of SOURCE_CHECKS) check(written, report);
}

export function lintHtml(found: Omit<Draft, 'find'>, report: Report): void {
  const draft = { ...found, find: (words: string) => findWords(found, words) };
  for (const check of HTML_CHECKS) check(draft, report);
}

/** By as many of the words as stand together in the source: entities and Liquid look otherwise there. */
function findWords({ source, top }: Omit<Draft, 'find'>, words: string): Draft['top'] {
  const piece =
    words
      .split(/x{4,}/)
      .find((part) => part.trim() !== '')
      ?.trim() ?? '';
  const pattern = piece
    .slice(0, 60)
    .split(/\s/)
    .slice(0, 6)
    .map((word) => word.replace(/\W/g, '\\$&'));
  const at = piece === '' ? -1 : source.text.search(new RegExp(pattern.join('\\s+')));
  return at < 0 ? top : source.placeOf(at);
}

/** Opening tags by name, comments passed over. A `>` inside quotes or Liquid does not end a tag. */
function* tags(source: Source, names: string): Generator<{ text: string; at: number }> {
  const text = source.text.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));
  const pattern = new RegExp(
    `<(?:${names})(?=[\\s/>])(?:"[^"]*"|'[^']*'|\\{\\{.*?\\}\\}|\\{%.*?%\\}|[^>"'])*>`,
    'gis',
  );
  for (const match of text.matchAll(pattern)) yield { text: match[0], at: match.index };
}

// What makes a mail unreadable, unlawful or undelivered, and what MJML lets pass: a list of small checks over the source
// (for the place) and the finished HTML (for the truth). A new check is a function in the list and a code in codes.ts.
import type { Place, Report } from './codes.ts';
import type { Source } from './source.ts';

export interface Draft {
  readonly source: Source;
  readonly html: string;
  /** null: transactional. */
  readonly topic: string | null;
  /** The top of the template file, for what has no better place. */
  readonly top: Place;
}
type Check = (draft: Draft, report: Report) => void;

/** Gmail cuts a mail at 102 KB, and the footer with it. */
const CLIP_BYTES = 100_000;
const NEAR_CLIP_BYTES = 80_000;
const LIQUID = /\{\{.*?\}\}|\{%.*?%\}/gs;

const hasUnsubscribe: Check = ({ html, topic, top }, report) => {
  if (topic === null || /<a\b[^>]*\bhref="[^"]*\{\{-?\s*links\.unsubscribe\b/s.test(html)) return;
  report(
    'template-unsubscribe',
    top,
    `Mail for "${topic}" has no link to unsubscribe`,
    '<a href="{{ links.unsubscribe }}">Unsubscribe</a>, best in the layout',
  );
};

const hasAlt: Check = ({ source }, report) => {
  for (const tag of tags(source, 'mj-image|img|mj-carousel-image'))
    if (!/\salt\s*=/.test(tag.text))
      report(
        'template-alt',
        source.placeOf(tag.at),
        'An image without alt text',
        'alt="What it shows"; alt="" where it is only decoration',
      );
};

const hasGoodLinks: Check = ({ source }, report) => {
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
  const ours = /^\{\{-?\s*links\.(unsubscribe|preferences)\b/.test(value);
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

const hasNothingForbidden: Check = ({ source }, report) => {
  for (const tag of tags(source, 'script|form|iframe|object|embed|input|textarea|select|button|base|applet'))
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

const fitsUnderClip: Check = ({ html, top }, report) => {
  const bytes = Buffer.byteLength(html);
  const told = `${bytes.toLocaleString('en')} bytes of HTML before names and links are filled in`;
  if (bytes > CLIP_BYTES) report('template-size', top, told, 'Gmail cuts at 102 KB: shorten it');
  else if (bytes > NEAR_CLIP_BYTES) report('template-large', top, told, 'Gmail cuts at 102 KB');
};

const CHECKS: readonly Check[] = [hasUnsubscribe, hasAlt, hasGoodLinks, hasNothingForbidden, fitsUnderClip];

export function lint(draft: Draft, report: Report): void {
  for (const check of CHECKS) check(draft, report);
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

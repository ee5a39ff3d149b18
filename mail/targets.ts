// The links of a compiled template that can be followed by way of us: each becomes Liquid that prints the tracked address
// where there is one and the author's own where there is not, and its target is kept under an id made of its content.
// Promises: links to leave, mailto: and tel: are never among them; the text part keeps every address as it was written.
import { createHash } from 'node:crypto';
import { isTagged } from '../engine/utm.ts';
import type { Holes } from './holes.ts';

/** Where a link leads, as the author wrote it: Liquid included. */
export interface Target {
  /** [a-z0-9]{15}; the same for the same link of the same template and locale. */
  readonly id: string;
  readonly url: string;
}

export interface Tracked {
  /** Still with words in place of Liquid. */
  readonly html: string;
  readonly targets: readonly Target[];
}

const LINK = /(<a\b[^>]*?\shref=")(https:[^"]*)(")/gi;
const PIXEL =
  '<img src="{{ links.open }}" width="1" height="1" alt="" role="presentation" style="display:block;border:0">';
const TRAP =
  '<div style="display:none;max-height:0;overflow:hidden" aria-hidden="true"><a href="{{ links.trap }}" rel="nofollow" tabindex="-1">&#8203;</a></div>';

/** `html`: of MJML, with words in place of Liquid. */
export function trackLinks(html: string, holes: Holes, name: string, locale: string): Tracked {
  const targets: Target[] = [];
  const linked = html.replace(LINK, (_, before: string, href: string, after: string) => {
    const url = unescapeHtml(holes.restore(href));
    const id = idOf([name, locale, String(targets.length), url]);
    targets.push({ id, url });
    const [tracked, end] = [`{% if links.to %}{{ links.to.${id} }}{% else %}`, '{% endif %}'];
    const own = isTagged(url) ? href : withTags(href, holes);
    return `${before}${holes.fill(tracked)}${own}${holes.fill(end)}${after}`;
  });
  const added = `{% if links.trap %}${TRAP}{% endif %}{% if links.open %}${PIXEL}{% endif %}`;
  return { html: linked.replace(/<\/body>/i, (end) => `${holes.fill(added)}${end}`), targets };
}

/** With a place for the tags of policy.yaml, which are known when the mail is written. */
function withTags(href: string, holes: Holes): string {
  const [path = '', ...fragment] = href.split('#');
  const joint = holes.restore(path).includes('?') ? 'more' : 'first';
  return [path + holes.fill(`{{ links.tags.${joint} }}`), ...fragment].join('#');
}

/** `utm_...` on every https link that has none; before the fragment. */
export function tagLinks(html: string, holes: Holes, utm: Readonly<Record<string, string>>): string {
  const tags = Object.entries(utm).map(([key, value]) => `utm_${key}=${encodeURIComponent(value)}`);
  if (tags.length === 0) return html;
  return html.replace(LINK, (whole, before: string, href: string, after: string) => {
    if (isTagged(holes.restore(href))) return whole;
    const [path = '', ...fragment] = href.split('#');
    const joint = holes.restore(path).includes('?') ? '&amp;' : '?';
    return `${before}${[path + joint + tags.join('&amp;'), ...fragment].join('#')}${after}`;
  });
}

/** 72 bits of the content: a collision among a million links has a chance of 1 in 10 billion. */
function idOf(parts: readonly string[]): string {
  const digest = createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 18);
  return `t${BigInt(`0x${digest}`).toString(36).padStart(14, '0')}`;
}

const entities: Readonly<Record<string, string>> = { amp: '&', quot: '"', '#39': "'", lt: '<', gt: '>' };

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|quot|#39|lt|gt);/g, (_, name: string) => entities[name] ?? '');
}

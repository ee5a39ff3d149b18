// The tags by which a web page knows where a visitor came from: policy.yaml says them for all mails or for a topic, and may
// name what the mail knows of itself: `campaign: "{workflow}"`. A link that has tags of its own, by hand or from its template's
// head, is left alone. Pure.
import type { Policy, Utm } from './policy.ts';

export const utmKeys = ['source', 'medium', 'campaign', 'term', 'content'];
/** What may stand in braces. */
export const utmNames = ['workflow', 'step', 'template', 'topic'];

export type UtmSubject = { readonly [name: string]: string };

/** What is said for a topic wins over what is said for all, key by key. */
export function utmFor({ utm, topics }: Policy, topic: string | null): Utm {
  const own = topic === null || !Object.hasOwn(topics, topic) ? undefined : topics[topic]?.utm;
  return { ...utm, ...own };
}

/** False where no topic and nothing for all says any. */
export function hasTags({ utm = {}, topics }: Policy): boolean {
  const said = [utm, ...Object.values(topics).map((topic) => topic.utm ?? {})];
  return said.some((one) => Object.keys(one).length > 0);
}

/** `utm_source=voronka&utm_campaign=welcome`; empty where nothing is said. */
export function writeTags(utm: Utm, subject: UtmSubject): string {
  return utmKeys
    .flatMap((key) => {
      const said = Object.hasOwn(utm, key) ? utm[key] : undefined;
      return said === undefined ? [] : [`utm_${key}=${encodeURIComponent(fill(said, subject))}`];
    })
    .join('&');
}

function fill(text: string, subject: UtmSubject): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(subject, name) ? (subject[name] ?? '') : '',
  );
}

export function isTagged(url: string): boolean {
  return /[?&]utm_/.test(url);
}

/** An address with the tags in it, before its fragment. */
export function tagAddress(url: string, tags: string): string {
  if (tags === '' || isTagged(url)) return url;
  const at = url.indexOf('#');
  const [path, fragment] = at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at)];
  return `${path}${path.includes('?') ? '&' : '?'}${tags}${fragment}`;
}

// What somebody who opens a mail, or a page behind one of its links, finds there to press: links, pictures and fields, read
// from the HTML itself, as a browser would. Nothing here is made up: what a mail does not hold is not found.

export interface Pressable {
  /** The page of a survey, a form, a confirmation; null: there is none. */
  readonly survey: string | null;
  readonly form: string | null;
  readonly confirm: string | null;
  readonly task: string | null;
  /** The picture by which an open is seen. */
  readonly picture: string | null;
  /** Links that a person sees. */
  readonly links: readonly string[];
  /** The link that only machines follow. */
  readonly hidden: string | null;
}

const trap = /<div style="display:none[^>]*>.*?<\/div>/gs;

export function readMail(html: string, origin: string): Pressable {
  const hrefs = (text: string) =>
    [...text.matchAll(/<a\b[^>]*?\shref="([^"]+)"/g)].map(([, url = '']) => plain(url));
  const links = hrefs(html.replace(trap, ''));
  const at = (path: string) => links.find((url) => url.startsWith(`${origin}${path}`)) ?? null;
  const picture = /<img\b[^>]*?\ssrc="([^"]*\/o\/[^"]+)"/.exec(html)?.[1];
  return {
    survey: at('/s/')?.split('?')[0] ?? null,
    form: at('/f/'),
    confirm: at('/confirm/'),
    task: at('/t/'),
    picture: picture === undefined ? null : plain(picture),
    links: links.filter((url) => url.startsWith(`${origin}/c/`)),
    hidden: hrefs((html.match(trap) ?? []).join('')).find((url) => url.startsWith(`${origin}/c/`)) ?? null,
  };
}

export interface PageField {
  readonly name: string;
  /** What can be chosen; none: it is written. */
  readonly values: readonly string[];
  /** What stands there already. */
  readonly value: string;
  readonly isRequired: boolean;
}

/** The fields of the page's form, each once, in order. */
export function readFields(html: string): PageField[] {
  const fields = new Map<string, { values: string[]; value: string; isRequired: boolean }>();
  for (const [tag = ''] of html.matchAll(/<input\b[^>]*>|<textarea\b[^>]*>[^<]*/g)) {
    const name = attribute(tag, 'name');
    if (name === null) continue;
    const field = fields.get(name) ?? { values: [], value: '', isRequired: false };
    fields.set(name, field);
    const value = attribute(tag, 'value') ?? '';
    if (/ required/.test(tag)) field.isRequired = true;
    if (attribute(tag, 'type') === 'radio') field.values.push(value);
    if (tag.startsWith('<textarea')) field.value = plain(tag.slice(tag.indexOf('>') + 1)).trim();
    else if (attribute(tag, 'type') !== 'radio' || / checked/.test(tag)) field.value = value;
  }
  return [...fields].map(([name, field]) => ({ name, ...field }));
}

/** Its heading, and the buttons that say something, in order. */
export function readPage(html: string): {
  readonly title: string;
  readonly buttons: readonly { readonly name: string; readonly value: string }[];
} {
  const buttons = [...html.matchAll(/<button\b[^>]*>/g)].flatMap(([tag]) => {
    const [name, value] = [attribute(tag, 'name'), attribute(tag, 'value')];
    return name === null || value === null ? [] : [{ name, value }];
  });
  return { title: plain(/<h1>([^<]*)<\/h1>/.exec(html)?.[1] ?? ''), buttons };
}

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? null : plain(found);
}

const entities: { readonly [name: string]: string } = { amp: '&', quot: '"', lt: '<', gt: '>', '#39': "'" };
const plain = (text: string) =>
  text.replace(/&(amp|quot|lt|gt|#39);/g, (_, name: string) => entities[name] ?? '');

/** `Anna Adams <anna@acme.example>` or the bare address. */
export function addressIn(header: string): string {
  return /<([^>]+)>\s*$/.exec(header)?.[1] ?? header.trim();
}

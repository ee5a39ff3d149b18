// A mail that came back, taken apart: its headers, what it says to a human, its delivery-status and feedback blocks, and
// the mail it is about. LF, CRLF and CR are alike; broken MIME is read as plain text. Never throws.
import PostalMime, { type Attachment, type Email } from 'postal-mime';

export interface Opened {
  /** By lower-case name, in order, unfolded. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly subject: string;
  /** Address and name of the From header, as written. */
  readonly from: string;
  /** To the human, before the returned mail begins; HTML is reduced to text. */
  readonly text: string;
  /** message/delivery-status parts (RFC 3464). */
  readonly statuses: readonly string[];
  /** message/feedback-report (RFC 5965). */
  readonly feedback: string | null;
  /** The returned mail, or its headers. */
  readonly returned: string;
  /** All of it, line ends as \n. */
  readonly raw: string;
}

/** What a bounce says, it says early; more is a returned mail, or an attack on whoever reads it. */
const MAX_BYTES = 128_000;
const MAX_TEXT = 32_000;
/** The MIME library's time grows with the square of the lines: 6 s for 128,000 empty ones. */
const MAX_LINES = 2_500;

export async function openMail(mail: Uint8Array | string): Promise<Opened> {
  const bytes =
    typeof mail === 'string' ? Buffer.from(mail) : Buffer.from(mail.buffer, mail.byteOffset, mail.length);
  const raw = bytes
    .subarray(0, MAX_BYTES)
    .toString('latin1')
    // Some gateways end lines with \r\r\n.
    .replace(/\r+\n|\r/g, '\n')
    .replace(/^\s+/, '')
    .replace(/^>?From .*\n/, '')
    .split('\n', MAX_LINES)
    .join('\n');
  const parsed = await parse(raw);
  return parsed === null ? asText(raw) : asParts(raw, parsed);
}

async function parse(raw: string): Promise<Email | null> {
  try {
    const bytes = Buffer.from(raw.replaceAll('\n', '\r\n'), 'latin1');
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true });
  } catch {
    // It refuses what is nested or long beyond reason; such mail is read as the text it is.
    return null;
  }
}

function asParts(raw: string, email: Email): Opened {
  const headers = new Map<string, string[]>();
  for (const { key, value } of email.headers) headers.set(key, [...(headers.get(key) ?? []), value]);
  const parts = (pattern: RegExp) =>
    email.attachments.filter((one) => pattern.test(one.mimeType)).map(textOf);
  const human = email.text?.trim() ? email.text.slice(0, MAX_TEXT) : stripHtml(email.html ?? '');
  const { said, returned } = splitReturned(human.replace(/\r\n?/g, '\n'));
  return {
    headers,
    subject: email.subject ?? '',
    from: headers.get('from')?.[0] ?? '',
    text: said,
    statuses: parts(/^message\/(?:global-)?delivery-status$/),
    feedback: parts(/^message\/feedback-report$/)[0] ?? null,
    returned: [
      ...parts(/^(?:message\/(?:rfc822|global|partial|global-headers)|text\/rfc822-headers)$/),
      returned,
    ].join('\n'),
    raw,
  };
}

function asText(raw: string): Opened {
  const end = raw.indexOf('\n\n');
  const head = (end < 0 ? raw : raw.slice(0, end)).replace(/\n[ \t]+/g, ' ');
  const headers = new Map<string, string[]>();
  for (const match of head.matchAll(/^([!-9;-~]+):[ \t]*(.*)$/gm)) {
    const key = (match[1] ?? '').toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), match[2] ?? '']);
  }
  const { said, returned } = splitReturned(end < 0 ? '' : raw.slice(end + 2, end + 2 + MAX_TEXT));
  const first = (key: string) => headers.get(key)?.[0] ?? '';
  return {
    headers,
    subject: first('subject'),
    from: first('from'),
    text: said,
    statuses: [],
    feedback: null,
    returned,
    raw,
  };
}

function textOf({ content }: Attachment): string {
  const text = typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('utf8');
  return text.replace(/\r\n?/g, '\n');
}

function stripHtml(html: string): string {
  return ['style', 'script', 'head']
    .reduce(withoutElement, html)
    .slice(0, MAX_TEXT * 2)
    .replace(/<(?:br|\/p|\/div|\/tr|\/h\d|\/li)\b[^<>]*>/gi, '\n')
    .replace(/<(?![^\s<>]{1,64}@)[^<>]*>/g, ' ')
    .replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]{2,6}));/gi, readEntity)
    .replace(/[ \t]+/g, ' ')
    .slice(0, MAX_TEXT);
}

const ENTITIES: { readonly [name: string]: string } = {
  ...{ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ', ndash: '-', mdash: '-', rsquo: "'" },
  ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', szlig: 'ß', aring: 'å', oslash: 'ø', ccedil: 'ç', ntilde: 'ñ' },
  ...{ agrave: 'à', aacute: 'á', acirc: 'â', atilde: 'ã', egrave: 'è', eacute: 'é', ecirc: 'ê', iacute: 'í' },
  ...{ icirc: 'î', igrave: 'ì', oacute: 'ó', ocirc: 'ô', otilde: 'õ', ograve: 'ò', uacute: 'ú', ugrave: 'ù' },
};

function readEntity(whole: string, decimal?: string, hex?: string, name = ''): string {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  if (Number.isNaN(code)) return ENTITIES[name.toLowerCase()] ?? whole;
  return code === 0xa0 ? ' ' : code > 0x10ffff ? whole : String.fromCodePoint(code);
}

/** Found by position, not by expression: one that is never closed must not be looked for again and again. */
function withoutElement(html: string, name: string): string {
  const lower = html.toLowerCase();
  let kept = '';
  let from = 0;
  for (;;) {
    const open = lower.indexOf(`<${name}`, from);
    if (open < 0) return kept + html.slice(from);
    kept += html.slice(from, open);
    const close = lower.indexOf(`</${name}>`, open);
    if (close < 0) return kept;
    from = close + name.length + 3;
  }
}

/** How servers without MIME say that from here on it is the returned mail. */
const RETURNED =
  /^(?:-+ ?(?:below this line is a copy|this is a copy of|this is the original|original message|unsent message|returned message|message header|start of returned|copy of (?:the )?(?:original|message)|forwarded message|the header of the original|included is a copy|undelivered message)|(?:the )?original message (?:follows|headers?)|message (?:headers?|text) follows?|received: (?:from|by|\())/im;

/** Its headers, where nothing says that they begin: the first that only a mail has, and those above it. */
const HEADERS =
  /^(?:[A-Z][\w-]{1,40}:[ \t].{0,900}\n){0,20}(?:return-path|message-id|mime-version|dkim-signature):[ \t]/im;

function splitReturned(text: string): { said: string; returned: string } {
  const found = [text.search(RETURNED), text.search(HEADERS)].filter((one) => one >= 0);
  const at = found.length === 0 ? -1 : Math.min(...found);
  return at < 0 ? { said: text, returned: '' } : { said: text.slice(0, at), returned: text.slice(at) };
}

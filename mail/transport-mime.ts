// A Message made into the bytes that are sent: MIME, then (where there is a key) a DKIM signature over it. Built whole
// before the conversation begins: signing holds everything back until the end anyway. The same Message gives the same
// bytes, boundary and Date included.
import { domainToASCII } from 'node:url';
import Dkim from 'nodemailer/lib/dkim';
import MailComposer from 'nodemailer/lib/mail-composer';
import { domainOf } from './addresses.ts';
import type { Message, Picture } from './message.ts';

export interface DkimKey {
  /** null: that of the From address, so that DMARC counts it whoever writes. */
  readonly domain: string | null;
  readonly selector: string;
  /** PEM, RSA 2048. */
  readonly privateKey: string;
}

/** What goes over the wire for one message. */
export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly body: Buffer;
  readonly needsSmtpUtf8: boolean;
}

/** List-Unsubscribe-Post unsigned would let anyone rewrite what one click does; nodemailer's default leaves it out. */
const SIGNED = [
  ...['From', 'To', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'],
  ...['Content-Transfer-Encoding', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'List-ID', 'Feedback-ID'],
].join(':');

export async function toLetter(message: Message, dkim: DkimKey | null): Promise<Letter> {
  const mime = toMime(message);
  return {
    from: toAscii(message.envelope.from),
    to: toAscii(message.envelope.to),
    body:
      dkim === null
        ? mime
        : await signed(mime, { ...dkim, domain: dkim.domain ?? domainOf(message.from.address) }),
    needsSmtpUtf8: message.needsSmtpUtf8,
  };
}

/**
 * The library writes the head, with all its folding and encoding; the two parts are put in here, because its streams cost
 * 0.7 ms a message and a native base64 a tenth of that.
 */
function toMime(message: Message): Buffer {
  const head = new MailComposer({
    from: message.from,
    to: message.to,
    ...(message.replyTo === null ? {} : { replyTo: message.replyTo }),
    subject: message.subject,
    messageId: message.messageId,
    date: new Date(message.at),
    text: 'in its place',
    html: 'in its place',
    headers: message.headers.map(verbatim),
    baseBoundary: message.messageId.replace(/[^A-Za-z0-9]/g, '').slice(0, 40),
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .buildHeaders();
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1];
  if (boundary === undefined)
    throw new Error('nodemailer writes the boundary of a message in some other way');
  const html = withPictures(toPart('text/html', message.html), message.pictures ?? [], `${boundary}-related`);
  const parts = [toPart('text/plain', message.text), html];
  const body = parts.map((part) => `--${boundary}\r\n${part}`).join('');
  return Buffer.from(`${head}\r\n\r\n${body}--${boundary}--\r\n`);
}

/** The page with what it shows (RFC 2387), as one of the alternatives. */
function withPictures(html: string, pictures: readonly Picture[], boundary: string): string {
  if (pictures.length === 0) return html;
  const shown = pictures.map(
    ({ cid, png }) =>
      `Content-Type: image/png; name="${cid}.png"\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <${cid}>\r\n` +
      `Content-Disposition: inline; filename="${cid}.png"\r\n\r\n${png.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
  );
  const body = [html, ...shown].map((part) => `--${boundary}\r\n${part}`).join('');
  return `Content-Type: multipart/related; type="text/html"; boundary="${boundary}"\r\n\r\n${body}--${boundary}--\r\n`;
}

/** JSON is for the provider, who reads it as it stands; the library would write it as encoded words. */
function verbatim({ key, value }: Message['headers'][number]) {
  return { key, value: value.startsWith('{') ? { prepared: true, foldLines: false, value } : value };
}

/** As it stands where it is ASCII in lines that every server takes (RFC 5322: 998), else in base64. */
function toPart(type: string, content: string): string {
  const lines = content.replace(/\r\n|\r|\n/g, '\r\n');
  const isPlain = /^[\t\r\n\x20-\x7e]*$/.test(lines) && !/[^\n]{990}/.test(lines);
  const encoded = isPlain ? lines : Buffer.from(lines).toString('base64').replace(/.{76}/g, '$&\r\n');
  const encoding = isPlain ? '7bit' : 'base64';
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${encoded}\r\n`;
}

async function signed(
  mime: Buffer,
  { domain, selector, privateKey }: DkimKey & { readonly domain: string },
): Promise<Buffer> {
  const dkim = new Dkim({ domainName: domain, keySelector: selector, privateKey, headerFieldNames: SIGNED });
  const chunks: Buffer[] = [];
  for await (const chunk of dkim.sign(mime)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A domain outside ASCII has an ASCII form, which every server takes; a local part has none. */
function toAscii(address: string): string {
  const at = address.lastIndexOf('@') + 1;
  return address.slice(0, at) + (domainToASCII(address.slice(at)) || address.slice(at));
}

// What a sink keeps of a message: who, how long, its hash, and whether it came through whole.
import { createHash } from 'node:crypto';

export interface Accepted {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
  /** Of the body with its dots unstuffed. */
  readonly sha256: string;
  /** Its last line is the closing boundary that its head announces, and no SMTP command stands in it. */
  readonly isWhole: boolean;
  readonly at: number;
  /** Only where the sink keeps bodies. */
  readonly raw?: string;
}

const MESSAGE_ID = /^message-id:\s*(\S+)/im;

export function describeMessage(
  path: { readonly from: string; readonly to: string },
  stuffed: Buffer,
  { keepBodies = false, isLight = false }: { readonly keepBodies?: boolean; readonly isLight?: boolean },
): Accepted {
  const { from, to } = path;
  const known = { from, to, bytes: stuffed.length, at: Date.now() };
  if (isLight) {
    const head = stuffed.toString('latin1', 0, Math.min(stuffed.length, 4096));
    return { ...known, messageId: MESSAGE_ID.exec(head)?.[1] ?? '', sha256: '', isWhole: true };
  }
  const raw = stuffed.toString('latin1', 0, stuffed.length - 3).replace(/^\.\./gm, '.');
  const head = raw.slice(0, raw.indexOf('\r\n\r\n') + 2);
  const boundary = /boundary="?([^"\r\n;]+)/i.exec(head)?.[1];
  const isClosed = boundary === undefined || raw.trimEnd().endsWith(`--${boundary}--`);
  const one: Accepted = {
    ...known,
    messageId: MESSAGE_ID.exec(head)?.[1] ?? '',
    sha256: createHash('sha256').update(raw, 'latin1').digest('hex'),
    isWhole: isClosed && !/^(RSET|MAIL FROM:|RCPT TO:|QUIT|DATA)\r?$/m.test(raw),
  };
  return keepBodies ? { ...one, raw: Buffer.from(raw, 'latin1').toString('utf8') } : one;
}

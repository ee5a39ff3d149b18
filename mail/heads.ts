// The few headers a list of mails shows, read without parsing the mail: unfolded, encoded words decoded (RFC 2047).
import { decodeWords } from 'postal-mime';

export interface Heads {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
}

export function readHeads(raw: Buffer): Heads {
  const end = raw.indexOf('\r\n\r\n');
  const head = raw
    .toString('utf8', 0, end < 0 ? Math.min(raw.length, 65_536) : end)
    .replace(/\r?\n[ \t]+/g, ' ');
  const read = (name: string) =>
    decodeWords(new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '');
  const at = Date.parse(read('Date'));
  return { at: Number.isNaN(at) ? 0 : at, from: read('From'), to: read('To'), subject: read('Subject') };
}

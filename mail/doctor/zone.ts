// DNS from a file, so that a domain can be looked at before it is published, and the doctor without the internet. Lines as
// in a zone file, one record each (`name [ttl] [IN] TYPE value`), which is also how the doctor prints what to publish.
// Promises: every line that cannot be read is complained about, with its number; names are compared without case and dot.
import { isIP } from 'node:net';
import type { Resolver } from './finding.ts';

interface ZoneRecord {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}
export interface Zone {
  readonly resolver: Resolver;
  /** As in `line 3: ...`. */
  readonly complaints: readonly string[];
}

const TYPES = ['TXT', 'MX', 'A', 'AAAA', 'PTR'];
const LINE = /^(\S+)\s+(?:\d+[smhdw]?\s+)?(?:IN\s+)?(?:\d+\s+)?([A-Za-z]+)\s+(.*)$/i;

export function readZone(text: string): Zone {
  const records: ZoneRecord[] = [];
  const complaints: string[] = [];
  text.split(/\r?\n/).forEach((line, at) => {
    const content = uncommented(line).trim();
    if (content === '') return;
    const [, name = '', type = '', value = ''] = LINE.exec(content) ?? [];
    if (!TYPES.includes(type.toUpperCase()))
      complaints.push(`line ${at + 1}: write  name. TYPE value  with a type of ${TYPES.join(', ')}`);
    else records.push({ name: keyOf(name), type: type.toUpperCase(), value: value.trim() });
  });
  const valuesOf = (name: string, ...types: string[]) =>
    records.filter((one) => types.includes(one.type) && one.name === keyOf(name)).map((one) => one.value);
  return {
    complaints,
    resolver: {
      txt: async (name) => valuesOf(name, 'TXT').map(joined),
      mx: async (name) => valuesOf(name, 'MX').map(readExchange),
      addresses: async (name) => valuesOf(name, 'A', 'AAAA'),
      reverse: async (ip) => valuesOf(ip, 'PTR').map(keyOf),
    },
  };
}

/** What follows a `;` outside quotes is the author's own affair. */
function uncommented(line: string): string {
  return /^(?:"(?:[^"\\]|\\.)*"|[^";])*/.exec(line)?.[0] ?? line;
}

/** `7.2.0.192.in-addr.arpa.` stands under the address it means. */
function keyOf(name: string): string {
  const bare = name.toLowerCase().replace(/\.$/, '');
  const v4 = /^((?:\d+\.){4})in-addr\.arpa$/.exec(bare)?.[1];
  if (v4 !== undefined) return v4.split('.').filter(Boolean).reverse().join('.');
  const v6 = /^((?:[0-9a-f]\.){32})ip6\.arpa$/.exec(bare)?.[1];
  const full = v6?.split('.').filter(Boolean).reverse().join('');
  const address = full === undefined ? bare : (full.match(/.{4}/g) ?? []).join(':');
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** The strings of a TXT record are one text (RFC 7208, section 3.3). */
function joined(value: string): string {
  const strings = value.replace(/^\(\s*|\s*\)$/g, '').match(/"(?:[^"\\]|\\.)*"/g);
  return strings === null ? value : strings.map((one) => one.slice(1, -1).replace(/\\(.)/g, '$1')).join('');
}

function readExchange(value: string): { exchange: string; priority: number } {
  const [, priority = '0', exchange = value] = /^(\d+)\s+(\S+)$/.exec(value) ?? [];
  return { exchange: exchange === '.' ? '.' : keyOf(exchange), priority: Number(priority) };
}

// One IPv4 address in every spelling that some resolver, some library or some browser has taken for it.

export function spellings(bytes: readonly number[]): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const octal = (n: number) => `0${n.toString(8)}`;
  const hex = (n: number) => `0x${n.toString(16)}`;
  const hextets = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  const dotted = bytes.join('.');
  const fullwidth = [...dotted].map((sign) =>
    sign === '.' ? '。' : String.fromCodePoint(0xff10 + Number(sign)),
  );
  const escaped = [...dotted].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join('');
  return [
    dotted,
    `${dotted}.`,
    String(whole),
    hex(whole),
    octal(whole),
    bytes.map(octal).join('.'),
    bytes.map(hex).join('.'),
    bytes.map((n) => `000${octal(n)}`).join('.'),
    `${a}.${(b << 16) | (c << 8) | d}`,
    `${a}.${b}.${(c << 8) | d}`,
    `${hex(a)}.${octal(b)}.${c}.${d}`,
    fullwidth.join(''),
    escaped,
    `crm.example@${dotted}`,
    `crm.example:443@${dotted}`,
    `crm.example%40${dotted}`,
    `${dotted}\\@crm.example`,
    `[::ffff:${dotted}]`,
    `[::ffff:${hextets}]`,
    `[::${dotted}]`,
    `[::ffff:0:${hextets}]`,
    `[64:ff9b::${hextets}]`,
    `[64:ff9b:1::${hextets}]`,
    `[2002:${hextets}::1]`,
    `[2001:0:${hextets}::1]`,
    `[fe80::5efe:${hextets}]`,
    `[0000:0000:0000:0000:0000:ffff:${hextets}]`,
    `[fe80::${hextets}%25eth0]`,
    `localhost`,
    `LOCALHOST.`,
    `[::1]`,
    `[::]`,
    `[fd00::${hextets}]`,
    `[ff02::${hextets}]`,
    `[fec0::${hextets}]`,
  ];
}

/** What a resolver may answer, and no call may reach. */
export const hiddenAddresses = [
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.0.170',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::1',
  '2001:0:7f00:1::1',
  '2001:db8::1',
  'fd00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%lo',
  '::1%lo',
  'ff02::1',
  '0x7f.1',
  '2130706433',
  'localhost',
];

// What goes over the wire, parsed back by another library, and checked by the rules every server applies (TRIALS F14).
import { generateKeyPairSync } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../mail/message.ts';
import { toLetter } from '../../mail/transport-mime.ts';
import { message } from './outgoing.ts';

const bytes = async (more: Partial<Message>) => (await toLetter(message(more), null)).body;

const contents: readonly (readonly [what: string, text: string, html: string])[] = [
  ['ASCII', 'A line.\nAnother.\n', '<p>A line.</p>\n'],
  ['other scripts', 'Привет, 世界, 😀\n', '<p>Привет, 世界, 😀</p>\n'],
  ['lines over every limit', `${'word '.repeat(5_000)}\n`, `<p>${'x'.repeat(30_000)}</p>\n`],
  ['dots and boundaries', '.\n..\n--_NmP-1\n--\n', '<p>.\n.\n</p>\n'],
  ['lone carriage returns', 'a\rb\r\nc\n', '<p>a\rb</p>\n'],
];

describe('a letter', () => {
  for (const [what, text, html] of contents)
    it(`with ${what} is read back as it was written`, async () => {
      const body = await bytes({ text, html });
      const read = await PostalMime.parse(body);
      const even = (content: string | undefined) => content?.replace(/\r\n?/g, '\n').trimEnd();
      expect(even(read.text)).toBe(even(text));
      expect(even(read.html)).toBe(even(html));
      const lines = body.toString('latin1').split('\r\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998);
      expect(lines.some((line) => /[\r\n]/.test(line))).toBe(false);
    });

  it('has each header once, folded and encoded', async () => {
    const head = (
      await bytes({
        subject: 'Насосы '.repeat(40),
        headers: [{ key: 'Feedback-ID', value: 'a:b:c:voronka' }],
      })
    )
      .toString('latin1')
      .split('\r\n\r\n')[0];
    expect(head).not.toMatch(/[^\x20-\x7e\r\n\t]/);
    const names = [...(head ?? '').matchAll(/^([\w-]+):/gm)].map((match) => match[1]?.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'mime-version', 'feedback-id']),
    );
  });
});

describe('a signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const dkim = { domain: 'acme.example', selector: 'v1', privateKey };
  const resolver = async (name: string) => [
    [`v=DKIM1; k=rsa; p=${name.startsWith('v1.') ? publicKey.toString('base64') : ''}`],
  ];
  const verify = (letter: Buffer) => dkimVerify(letter, { resolver });
  const headers = [
    {
      key: 'List-Unsubscribe',
      value: '<https://mail.acme.example/u/k1.7..abc>, <mailto:u+7.abc@bounce.acme.example>',
    },
    { key: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
    { key: 'List-Id', value: '<marketing.acme.example>' },
  ];

  for (const [what, text, html] of contents)
    it(`over ${what} passes a second implementation`, async () => {
      const { body } = await toLetter(message({ text, html, headers }), dkim);
      const { results } = await verify(body);
      expect(results.map((one) => one.status.result)).toEqual(['pass']);
    });

  it('covers both List-Unsubscribe headers, and what a reader sees', async () => {
    const { body } = await toLetter(message({ headers }), dkim);
    const signature = body.toString('latin1').replace(/\r\n\s+/g, ' ');
    const signed = (/^DKIM-Signature:.*?\bh=([^;]+)/m.exec(signature)?.[1] ?? '').toLowerCase();
    for (const name of [
      'from',
      'to',
      'subject',
      'date',
      'message-id',
      'list-unsubscribe',
      'list-unsubscribe-post',
      'list-id',
      'content-type',
    ])
      expect(signed.split(/[:,\s]+/)).toContain(name);
    expect(body.toString('latin1')).not.toMatch(/;\s*l=\d/);
  });

  it('breaks when one of them is changed', async () => {
    const { body } = await toLetter(message({ headers }), dkim);
    for (const [from, to] of [
      ['List-Unsubscribe=One-Click', 'List-Unsubscribe=Two-Clicks'],
      ['/u/k1.7', '/u/k1.8'],
      ['hello@acme', 'jello@acme'],
    ] as const) {
      const { results } = await verify(Buffer.from(body.toString('latin1').replace(from, to), 'latin1'));
      expect(results[0]?.status.result).toBe('fail');
    }
  });
});

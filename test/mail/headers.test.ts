// The headers of what leaves, as MAIL.md lists them, read back from the bytes by another library.
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { compose } from '../../mail/compose.ts';
import { type House, markDelivery, readMessageId, readReturnPath } from '../../mail/marks.ts';
import { providers } from '../../mail/providers.ts';
import type { CompiledTemplate } from '../../mail/template.ts';
import { toLetter } from '../../mail/transport-mime.ts';

const house: House = {
  publicUrl: 'https://mail.acme.example',
  domain: 'acme.example',
  bounceDomain: 'bounce.acme.example',
  keys: [{ id: 'k1', secret: 'a secret for tests alone' }],
};
const identity = {
  from: { name: 'Acme', address: 'hello@acme.example' },
  replyTo: { name: 'Olga', address: 'olga@acme.example' },
  ...{ company: 'Acme', address: 'Street 1', domain: 'acme.example' },
};
/** The longest id that a bigint gives. */
const longest = '9223372036854775807';

async function read(topic: string | null, more: Partial<House> = {}, id = longest) {
  const template: CompiledTemplate = {
    ...{ name: 'offer', locale: 'en', topic, subject: 'Offer', html: '<p>Offer</p>', text: 'Offer' },
    ...{ needs: [], hash: `headers ${topic}` },
  };
  const delivery = { id, contactId: '4', topic, workflow: 'welcome', node: 'hello' };
  const facts = { contact: { id: 'c', email: 'anna@beta.example' }, deal: null };
  const marks = markDelivery(delivery, { ...house, ...more });
  const message = compose({ template, facts, marks, identity, delivery, now: Date.UTC(2026, 10, 23) });
  if ('is' in message) throw new Error(message.why);
  const letter = await toLetter(message, null);
  const { headers } = await PostalMime.parse(letter.body);
  return { letter, of: (name: string) => headers.find((one) => one.key === name)?.value ?? null };
}

describe('a mail of a topic', () => {
  it('says how to leave, by link and by mail, in one click', async () => {
    const { of } = await read('marketing');
    expect(of('list-unsubscribe')).toMatch(
      /^<https:\/\/mail\.acme\.example\/u\/[\w.:-]+>, <mailto:u\+[a-z0-9.]+@bounce\.acme\.example\?subject=unsubscribe>$/,
    );
    expect(of('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  });

  it('says what it is: a list, in bulk, by a machine that wants no answer', async () => {
    const { of } = await read('marketing');
    expect(of('list-id')).toBe('<marketing.acme.example>');
    expect(of('precedence')).toBe('bulk');
    expect(of('auto-submitted')).toBe('auto-generated');
    expect(of('x-auto-response-suppress')).toBe('All');
    expect(of('reply-to')).toContain('olga@acme.example');
  });

  it('names its step, workflow, topic and sender to who counts complaints', async () => {
    const parts = (await read('marketing')).of('feedback-id')?.split(':');
    expect(parts).toEqual(['hello', 'welcome', 'marketing', 'voronka']);
    expect((await read(null)).of('feedback-id')?.split(':')).toEqual([
      'hello',
      'welcome',
      'transactional',
      'voronka',
    ]);
  });
});

describe('a transactional mail', () => {
  it('is no list, and is by a machine all the same', async () => {
    const { of } = await read(null);
    for (const name of ['list-unsubscribe', 'list-unsubscribe-post', 'list-id', 'precedence'])
      expect(of(name)).toBeNull();
    expect(of('auto-submitted')).toBe('auto-generated');
  });
});

describe('the marks of a mail', () => {
  it('lead back from the return path, in at most 64 octets, whatever a relay did to its case', async () => {
    const { letter } = await read('marketing');
    const [local = ''] = letter.from.split('@');
    expect(local).toMatch(/^b\+/);
    expect(Buffer.byteLength(local)).toBeLessThanOrEqual(64);
    expect(readReturnPath(letter.from.toUpperCase(), house.keys)).toEqual({
      deliveryId: longest,
      leaves: false,
    });
  });

  it('lead back from the Message-ID', async () => {
    expect(readMessageId((await read('marketing')).of('message-id') ?? '', house.keys)).toBe(longest);
  });

  it.each([
    ['sendgrid', 'x-smtpapi'],
    ['postmark', 'x-pm-metadata-voronka'],
    ['mailgun', 'x-mailgun-variables'],
    ['ses', null],
  ])('are given to %s to be given back', async (name, header) => {
    const mark = providers.find((one) => one.name === name)?.mark ?? null;
    const given = await read('marketing', { mark });
    const id = /\d+\.[a-v0-9]{16}@[a-z.]+/.exec((header && given.of(header)) ?? '')?.[0] ?? '';
    expect(readMessageId(id, house.keys)).toBe(header === null ? null : longest);
  });

  it('let a relay know a message that it already has, under the header that it reads', async () => {
    const named = { idempotencyHeader: 'X-Entity-Ref-ID' };
    const first = (await read('marketing', named)).of('x-entity-ref-id');
    expect(first).toMatch(/^9223372036854775807\.[a-v0-9]{16}$/);
    expect((await read('marketing', named)).of('x-entity-ref-id')).toBe(first);
    expect((await read('marketing', named, '7')).of('x-entity-ref-id')).not.toBe(first);
    expect((await read('marketing')).of('x-entity-ref-id')).toBeNull();
  });
});

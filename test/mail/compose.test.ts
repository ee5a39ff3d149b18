// One contact's mail, whole; then what hostile facts do to it: nothing.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Composing, compose, type Identity } from '../../mail/compose.ts';
import { compileTemplates } from '../../mail/library.ts';
import {
  type House,
  markDelivery,
  readMessageId,
  readPreferences,
  readReturnPath,
  readUnsubscribe,
} from '../../mail/marks.ts';
import type { Message } from '../../mail/message.ts';
import type { CompiledTemplate } from '../../mail/template.ts';

const house: House = {
  publicUrl: 'https://mail.acme.example',
  domain: 'acme.example',
  bounceDomain: 'bounce.acme.example',
  keys: [{ id: 'k1', secret: 'a secret of at least 16' }],
};
const identity: Identity = {
  from: { name: 'Acme', address: 'hello@acme.example' },
  replyTo: { name: '', address: 'sales@acme.example' },
  company: 'Acme GmbH',
  address: '1 Pump Street, Vienna',
  domain: 'acme.example',
};
const contact = {
  id: 'c-17',
  email: 'anna@beta.example',
  first_name: 'Anna',
  last_name: 'Orlova',
  company: 'Beta & Sons',
};
const deal = { id: 'd-1042', title: 'Pumps', amount: 12_000, currency: 'EUR', stage: 'Qualification' };
const page = `<mjml><mj-body><mj-section><mj-column><mj-text>
<p>Dear {{ contact.first_name | default: "friend" }} of {{ contact.company | default: "your company" }},</p>
{% if deal.title %}<p>{{ deal.title }} for {{ deal.amount | money: deal.currency }}, signed {{ deal.close_on | date: "%d.%m.%Y" }}</p>{% endif %}
<p><a href="https://acme.example/guide?d={{ deal.id | url_encode }}">The guide</a></p>
<p>{{ identity.company }}, {{ identity.address }}. <a href="{{ links.unsubscribe }}">Leave</a></p>
</mj-text></mj-column></mj-section></mj-body></mjml>`;
const head = (more: string) =>
  `---\nsubject: "{{ contact.first_name | default: 'Friend' }}, about {{ deal.title | default: 'us' }}"\npreheader: A word\n${more}\n---\n`;

let marketing: CompiledTemplate;
let transactional: CompiledTemplate;
beforeAll(async () => {
  const { templates, diagnostics } = await compileTemplates([
    { path: 'a.en.mjml', text: head('topic: marketing') + page },
    { path: 'b.de.mjml', text: head('transactional: true') + page },
  ]);
  expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  [marketing, transactional] = templates as [CompiledTemplate, CompiledTemplate];
});

const composing = (more: Partial<Composing> = {}): Composing => ({
  template: marketing,
  facts: { contact, deal },
  marks: markDelivery({ id: '501', contactId: '17', topic: 'marketing' }, house),
  identity,
  delivery: { workflow: 'nurture', node: 'intro' },
  now: Date.UTC(2026, 10, 23, 10),
  ...more,
});
const composed = (more?: Partial<Composing>): Message => {
  const message = compose(composing(more));
  if ('is' in message) throw new Error(message.why);
  return message;
};

describe('a message', () => {
  it('is the template with the facts in it', () => {
    const { html, ...rest } = composed();
    expect(rest).toMatchInlineSnapshot(`
      {
        "at": 1795428000000,
        "envelope": {
          "from": "b+501.9087l6rt0puo7nfd@bounce.acme.example",
          "to": "anna@beta.example",
        },
        "from": {
          "address": "hello@acme.example",
          "name": "Acme",
        },
        "headers": [
          {
            "key": "List-Unsubscribe",
            "value": "<https://mail.acme.example/u/k1.17:marketing:501..lh6xahS0WKXtQkD9ZHxjkQ>, <mailto:u+501.dosfl7cfhglt6r43@bounce.acme.example?subject=unsubscribe>",
          },
          {
            "key": "List-Unsubscribe-Post",
            "value": "List-Unsubscribe=One-Click",
          },
          {
            "key": "List-Id",
            "value": "<marketing.acme.example>",
          },
          {
            "key": "Precedence",
            "value": "bulk",
          },
          {
            "key": "Auto-Submitted",
            "value": "auto-generated",
          },
          {
            "key": "X-Auto-Response-Suppress",
            "value": "All",
          },
          {
            "key": "Feedback-ID",
            "value": "intro:nurture:marketing:voronka",
          },
        ],
        "messageId": "<501.n8oirfqo937f86h2@acme.example>",
        "needsSmtpUtf8": false,
        "replyTo": {
          "address": "sales@acme.example",
          "name": "",
        },
        "subject": "Anna, about Pumps",
        "text": "Dear Anna of Beta & Sons,

      Pumps for €12,000, signed

      The guide <https://acme.example/guide?d=d-1042>

      Acme GmbH, 1 Pump Street, Vienna. Leave <https://mail.acme.example/u/k1.17:marketing:501..lh6xahS0WKXtQkD9ZHxjkQ>
      ",
        "to": {
          "address": "anna@beta.example",
          "name": "Anna Orlova",
        },
      }
    `);
    expect(html).toContain('Dear Anna of Beta &amp; Sons,');
    expect(html).toContain('https://acme.example/guide?d=d-1042');
  });

  it('is the same over every retry', () => {
    expect(composed()).toEqual(composed());
  });

  it('that is transactional offers no list to leave, and speaks its locale', () => {
    const { headers, text } = composed({ template: transactional });
    expect(headers.map(({ key }) => key)).toEqual([
      'Auto-Submitted',
      'X-Auto-Response-Suppress',
      'Feedback-ID',
    ]);
    expect(text.replaceAll('\u00a0', ' ')).toContain('12.000 €');
  });

  it('does without a deal and without a name', () => {
    const { text, subject, to } = composed({
      facts: { contact: { id: 'c', email: 'x@y.example' }, deal: null },
    });
    expect(text).toMatch(/^Dear friend of your company,\n\nThe guide/);
    expect(subject).toBe('Friend, about us');
    expect(to).toEqual({ name: '', address: 'x@y.example' });
  });

  it('carries marks that lead back to its delivery, and only with the key', () => {
    const { envelope, messageId, headers } = composed();
    const link = /<https:\/\/mail\.acme\.example\/u\/([^>]+)>/.exec(headers[0]?.value ?? '')?.[1] ?? '';
    const leave = /mailto:([^?]+)/.exec(headers[0]?.value ?? '')?.[1] ?? '';
    expect(readMessageId(messageId, house.keys)).toBe('501');
    expect(readReturnPath(envelope.from, house.keys)).toEqual({ deliveryId: '501', leaves: false });
    expect(readReturnPath(leave, house.keys)).toEqual({ deliveryId: '501', leaves: true });
    expect(readUnsubscribe(link, house.keys)).toEqual({
      contactId: '17',
      topic: 'marketing',
      deliveryId: '501',
    });
    expect(readPreferences(composing().marks.preferences.split('/p/')[1] ?? '', house.keys)).toBe('17');
    expect(readMessageId(messageId.replace('501', '502'), house.keys)).toBeNull();
  });
});

const naughty = [
  'Anna\r\nBcc: evil@x.example',
  'Anna\nX-Evil: 1',
  '"a, evil@x.example"',
  'evil@x.example, Anna',
  '<evil@x.example>',
  '\u202eevil\u202c',
  'a\u2028b\u2029c',
  '\u0000\u0007\u0085',
  '=?UTF-8?Q?evil?=',
  '{{ identity.company }}',
  '{% for i in (1..9) %}',
  '<script>alert(1)</script>',
  '" onload="x',
  '</a><img src=x>',
  "'; drop table contacts; --",
  '😀'.repeat(500),
  '\ud800',
  '.',
  '\r\n.\r\n',
];

describe('hostile facts', () => {
  for (const text of naughty)
    it(`${JSON.stringify(text.slice(0, 30))} stays words`, () => {
      const facts = {
        contact: { ...contact, first_name: text, last_name: text, company: text },
        deal: { ...deal, title: text },
      };
      const message = composed({ facts });
      expect(message.envelope.to).toBe('anna@beta.example');
      const lines = [message.subject, message.to.name, ...message.headers.map(({ value }) => value)];
      for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      expect(message.to.name.length).toBeLessThanOrEqual(400);
      const tags = (html: string) => html.match(/<[a-z!/][^\s>]*/gi);
      expect(tags(message.html)).toEqual(tags(composed().html));
      if (text.startsWith('{{')) expect(message.text).toContain(`Dear ${text}`);
    });

  for (const email of [
    '',
    'anna',
    'a b@x.example',
    'a@x.example, b@y.example',
    '<a@x.example>',
    'a@x.example\r\nRCPT TO:<b@y.example>',
    '"a b"@x.example',
    'a@',
    '@x.example',
    'a@b..c',
    'a@-x.example',
  ])
    it(`${JSON.stringify(email)} is no address to send to`, () => {
      expect(compose(composing({ facts: { contact: { ...contact, email }, deal } }))).toMatchObject({
        is: 'unaddressable',
      });
    });

  it('a local part outside ASCII is marked; a domain outside ASCII is not', () => {
    const to = (email: string) => composed({ facts: { contact: { ...contact, email }, deal } }).needsSmtpUtf8;
    expect([to('аня@почта.example'), to('anna@почта.example')]).toEqual([true, false]);
  });
});

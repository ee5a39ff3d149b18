// Links that are followed by way of us: which are, where they lead, and what stands in them.
import { describe, expect, it } from 'vitest';
import { writeTags } from '../../engine/utm.ts';
import { compose } from '../../mail/compose.ts';
import { followTarget } from '../../mail/follow.ts';
import { compileTemplates } from '../../mail/library.ts';
import { markDelivery } from '../../mail/marks.ts';
import type { CompiledTemplate } from '../../mail/template.ts';
import { readClick, readOpen, type Tracking, trackDelivery } from '../../mail/tracking.ts';

const house = {
  publicUrl: 'https://mail.acme.example',
  domain: 'acme.example',
  bounceDomain: null,
  keys: [{ id: 'k1', secret: 'a secret for tests alone' }],
};
const identity = {
  from: { name: 'Acme', address: 'hello@acme.example' },
  ...{ replyTo: null, company: 'Acme', address: 'Street 1', domain: 'acme.example' },
};
const source = (utm = '') => `---
subject: Hello
preheader: A word
topic: marketing
${utm}---
<mjml><mj-body><mj-section><mj-column><mj-text>
<p><a href="https://acme.example/price?a=1&amp;b=2#top">Prices</a>
<a href="https://acme.example/{{ contact.company | default: "you" | url_encode }}">Yours</a>
<a href="mailto:hello@acme.example">Write</a> <a href="tel:+431234">Call</a>
<a href="{{ links.unsubscribe }}">Leave</a></p>
</mj-text><mj-button href="https://acme.example/price?a=1&amp;b=2#top">Prices</mj-button>
</mj-column></mj-section></mj-body></mjml>
`;
const compile = async (text = source()): Promise<CompiledTemplate> => {
  const { templates, diagnostics } = await compileTemplates([{ path: 'offer.en.mjml', text }]);
  expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([]);
  const [template] = templates;
  if (template === undefined) throw new Error('it does not compile');
  return template;
};
const write = (template: CompiledTemplate, tracking: Tracking, tags = '') => {
  const delivery = { id: '17', contactId: '4', topic: 'marketing', workflow: 'welcome', node: 'hello' };
  const marks = markDelivery(delivery, house);
  const tracked = trackDelivery('17', template.targets ?? [], tracking, house);
  const facts = { contact: { id: 'c', email: 'anna@acme.example', company: 'A & B' }, deal: null };
  const message = compose({ template, facts, marks, tracked, tags, identity, delivery, now: 0 });
  if ('is' in message) throw new Error(message.why);
  return message;
};
const linksOf = (html: string) =>
  [...html.matchAll(/<a\b[^>]*?href="([^"]*)"/g)].map((match) => match[1] ?? '');

describe('tracked links', () => {
  it('are the https ones; each occurrence has a target of its own', async () => {
    const template = await compile();
    expect(template.targets?.map((one) => one.url)).toEqual([
      'https://acme.example/price?a=1&b=2#top',
      'https://acme.example/{{ contact.company | default: "you" | url_encode }}',
      'https://acme.example/price?a=1&b=2#top',
    ]);
    expect(new Set(template.targets?.map((one) => one.id)).size).toBe(3);
    expect((await compile()).targets).toEqual(template.targets);
  });

  it('name their delivery and target in a signed token, and nothing of the contact', async () => {
    const template = await compile();
    const { html, text } = write(template, { opens: true, clicks: true });
    const links = linksOf(html);
    const clicks = links.filter((link) => link.includes('/c/'));
    const tokens = clicks.map((link) =>
      readClick(link.replace('https://mail.acme.example/c/', ''), house.keys),
    );
    expect(tokens).toEqual(
      [...(template.targets ?? []).map((one) => one.id), 'trap'].map((target) => ({
        deliveryId: '17',
        target,
      })),
    );
    expect(links.filter((link) => /^(mailto|tel):|\/u\//.test(link))).toHaveLength(3);
    const picture = /<img src="https:\/\/mail\.acme\.example\/o\/([^"]+)"/.exec(html)?.[1] ?? '';
    expect(readOpen(picture, house.keys)).toBe('17');
    expect(readClick(picture, house.keys)).toBeNull();
    // The text part says where everything leads.
    expect(text).toContain('https://acme.example/price?a=1&b=2#top');
    expect(text).toContain('https://acme.example/A%20%26%20B');
    expect(text).not.toContain('/c/');
  });

  it('are the author’s own where the topic is not watched', async () => {
    const { html } = write(await compile(), { opens: false, clicks: false });
    expect(html).not.toMatch(/\/c\/|\/o\/|display:none;max-height:0;overflow:hidden" aria/);
    expect(linksOf(html)).toContain('https://acme.example/A%20%26%20B');
    const opens = write(await compile(), { opens: true, clicks: false }).html;
    expect([opens.includes('/o/'), opens.includes('/c/')]).toEqual([true, false]);
  });

  it('carry the tags of the head, before the fragment and once', async () => {
    const tagged = await compile(source('utm: source=letter, campaign=spring\n'));
    expect(tagged.targets?.map((one) => one.url)).toEqual([
      'https://acme.example/price?a=1&b=2&utm_source=letter&utm_campaign=spring#top',
      'https://acme.example/{{ contact.company | default: "you" | url_encode }}?utm_source=letter&utm_campaign=spring',
      'https://acme.example/price?a=1&b=2&utm_source=letter&utm_campaign=spring#top',
    ]);
    expect(tagged.text).toContain('&utm_source=letter');
  });

  it('carry the tags of the policy, and the text part shows addresses as they are written', async () => {
    const tags = writeTags(
      { campaign: '{workflow}/{step}', source: 'acme' },
      { workflow: 'welcome', step: 'hello' },
    );
    expect(tags).toBe('utm_source=acme&utm_campaign=welcome%2Fhello');
    const { html, text } = write(await compile(), { opens: false, clicks: false }, tags);
    expect(linksOf(html)).toEqual([
      'https://acme.example/price?a=1&amp;b=2&amp;utm_source=acme&amp;utm_campaign=welcome%2Fhello#top',
      'https://acme.example/A%20%26%20B?utm_source=acme&amp;utm_campaign=welcome%2Fhello',
      ...['mailto:hello@acme.example', 'tel:+431234', expect.stringContaining('/u/')],
      'https://acme.example/price?a=1&amp;b=2&amp;utm_source=acme&amp;utm_campaign=welcome%2Fhello#top',
    ]);
    expect(text).toContain('https://acme.example/price?a=1&b=2#top');
    expect(text).not.toContain('utm_');
    const own = write(await compile(source('utm: source=letter\n')), { opens: false, clicks: false }, tags);
    expect(own.html).toContain('utm_source=letter');
    expect(own.html).not.toContain('utm_campaign');
  });

  it('a tag that is none is told', async () => {
    const { diagnostics } = await compileTemplates([
      { path: 'offer.en.mjml', text: source('utm: sauce=letter\n') },
    ]);
    expect(diagnostics.map((one) => [one.code, one.line])).toEqual([['template-head', 5]]);
  });
});

describe('where a link leads', () => {
  const of = (company: unknown) => ({ contact: { id: '1', company: company as string }, deal: null });
  it.each([
    ['https://acme.example/a', null, 'https://acme.example/a'],
    ['https://acme.example/{{ contact.company }}', of('x y'), 'https://acme.example/x%20y'],
    ['https://acme.example/{{ contact.company }}', null, 'https://acme.example/'],
    ['https://acme.example{{ contact.company }}', of('.evil.example'), 'https://acme.example/'],
    ['https://acme.example{{ contact.company }}', of('@evil.example'), 'https://acme.example/'],
    [
      'https://acme.example/{{ contact.company }}',
      of('a\r\nSet-Cookie: x=1'),
      'https://acme.example/a%20Set-Cookie:%20x=1',
    ],
    ['https://акме.example/ü', null, 'https://xn--80ajx6b.example/%C3%BC'],
    ['https://', null, null],
  ] as const)('%s for %j is %s', (url, facts, address) => {
    const led = followTarget(url, facts);
    if (url.includes('акме')) expect(led).toMatch(/^https:\/\/xn--[a-z0-9]+\.example\/%C3%BC$/);
    else expect(led).toBe(address);
  });
});

import { describe, expect, it } from 'vitest';
import { emptyPolicy, type Policy, textIn } from '../../engine/policy.ts';
import { identify } from '../../mail/identity.ts';

const nothing = { from: null, replyTo: null, company: null, address: null };
const news = { name: 'Acme News', address: 'news@Mail.acme.example' };
const hello = { name: 'Acme', address: 'hello@acme.example' };
const topic = {
  name: {},
  text: {},
  doubleOptIn: false,
  opens: false,
  clicks: false,
  isDefault: false,
  from: news,
  replyTo: null,
};
const policy: Policy = {
  ...emptyPolicy,
  company: { name: 'Acme GmbH', address: 'Main Street 1' },
  sender: { from: hello, replyTo: { name: '', address: 'help@acme.example' } },
  topics: { news: topic },
};

describe('who writes', () => {
  it("is the topic's own sender, and the company's for everything else", () => {
    expect(identify(nothing, policy, 'news')).toMatchObject({ from: news, domain: 'mail.acme.example' });
    expect(identify(nothing, policy, 'news').replyTo?.address).toBe('help@acme.example');
    for (const other of [null, 'offers', 'constructor'])
      expect(identify(nothing, policy, other)).toMatchObject({ from: hello, company: 'Acme GmbH' });
  });

  it('is what the environment sets, whatever the policy says', () => {
    const from = { name: 'Staging', address: 'test@staging.example' };
    const said = { ...nothing, from, company: 'Acme (test)' };
    expect(identify(said, policy, 'news')).toMatchObject({
      from,
      company: 'Acme (test)',
      address: 'Main Street 1',
      domain: 'staging.example',
    });
  });

  it('is the default where nobody says anything', () => {
    expect(identify(nothing, emptyPolicy, null)).toMatchObject({
      from: { address: 'hello@voronka.example' },
      company: 'Voronka',
    });
  });
});

describe('a text of the policy', () => {
  it.each([
    [{ en: 'News', 'de-AT': 'Neues', de: 'Neuigkeiten' }, 'de_AT', 'Neues'],
    [{ en: 'News', de: 'Neuigkeiten' }, 'de-CH', 'Neuigkeiten'],
    [{ en: 'News', de: 'Neuigkeiten' }, 'fr', 'News'],
    [{ '*': 'News' }, 'ru', 'News'],
    [{ ru: 'Новости' }, null, 'Новости'],
    [{}, 'en', null],
  ])('%o for %s is %s', (texts, locale, text) => {
    expect(textIn(texts, locale)).toBe(text);
  });
});

// What a template's filters print: links that survive every kind of address, and days as their reader writes them.
import { expect, it } from 'vitest';
import { render, textLiquid } from '../../mail/liquid.ts';
import { toPlain } from '../../mail/plain.ts';

const at = Date.UTC(2027, 2, 15, 21, 30);
const print = (text: string, scope: object) => render(textLiquid, textLiquid.parse(text), scope);
const reader = (locale: string, timezone: unknown) => ({ locale, contact: { timezone }, deal: { at } });

it('a day and a time are written in the language of the mail and the zone of the contact', () => {
  expect(print('{{ deal.at | day }}, {{ deal.at | time }}', reader('en', 'Europe/London'))).toBe(
    '15 March 2027, 21:30 GMT',
  );
  expect(print('{{ deal.at | day }}, {{ deal.at | time }}', reader('ru', 'Europe/Moscow'))).toBe(
    '16\u00a0марта 2027\u00a0года, 00:30 GMT+3',
  );
  expect(print('{{ deal.at | day }}', reader('de-AT', 'Europe/Vienna'))).toBe('15. März 2027');
});

it('a date without a time is the same day in every zone', () => {
  const scope = { locale: 'en', contact: { timezone: 'America/Los_Angeles' }, deal: { on: '2027-03-15' } };
  expect(print('{{ deal.on | day }}', scope)).toBe('15 March 2027');
});

it('a fact that is no instant prints nothing, and a zone that does not exist is UTC', () => {
  for (const on of ['soon', '', null, undefined, true, Number.NaN, 9e15, '2027-99-99', {}])
    expect(print('{{ deal.on | day }}{{ deal.on | time }}', { locale: 'en', deal: { on } })).toBe('');
  expect(print('{{ deal.at | time }}', reader('en', 'Mars/Olympus'))).toBe('21:30 UTC');
});

it('an encoded space stays a space in a path and in the draft of a mail', () => {
  expect(print('{{ "a b&c=ж?" | url_encode }}', {})).toBe('a%20b%26c%3D%D0%B6%3F');
  expect(print('{{ half | url_encode }}', { half: '\ud800' })).toBe('%EF%BF%BD');
});

it('the text part shows where a mailto link leads, without the draft behind it', () => {
  expect(toPlain('<a href="mailto:{{ identity.replyTo }}?subject=%D0%9E%20%D1%86">Write</a>')).toBe(
    'Write <{{ identity.replyTo }}>\n',
  );
  expect(toPlain('<a href="{{ links.page }}?score=7">7</a>')).toBe('7 <{{ links.page }}?score=7>\n');
  expect(toPlain('<a href="https://acme.example/a?b=c">Read</a>')).toBe(
    'Read <https://acme.example/a?b=c>\n',
  );
});

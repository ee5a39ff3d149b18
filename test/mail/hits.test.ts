// Machines and people, told apart over all that came for one mail: each rule by what breaks it, and a person beside it.
import { describe, expect, it } from 'vitest';
import { type Hit, type Hunted, judgeHits } from '../../mail/hits.ts';
import { readSigns, type Sign } from '../../mail/visitor-signs.ts';
import { minuteMs, monday } from '../harness/factories.ts';

const mail: Hunted = { sentAt: monday, links: 4 };
let made = 0;
const hit = (afterMs: number, more: Partial<Hit> = {}): Hit => {
  made += 1;
  return {
    id: String(made),
    kind: 'click',
    target: 'a',
    method: 'GET',
    at: monday + afterMs,
    visitor: 'v',
    signs: ['browser'],
    ...more,
  };
};
const classes = (hits: readonly Hit[], of: Hunted = mail) => judgeHits(hits, of).map((one) => one.class);
const later = 10 * minuteMs;

describe('a person', () => {
  it.each([
    ['follows one link', [hit(later)]],
    ['follows two, a moment apart', [hit(later), hit(later + 4_000, { target: 'b' })]],
    ['follows the same one twice', [hit(later), hit(later + 700)]],
    [
      'follows every link, with a look at each',
      ['a', 'b', 'c', 'd'].map((target, n) => hit(later + n * 5_000, { target })),
    ],
    ['opens and then clicks', [hit(later, { kind: 'open', target: null }), hit(later + 3_000)]],
  ])('%s', (_, hits) => {
    expect(new Set(classes(hits))).toEqual(new Set(['human']));
  });

  it('stays one while a gateway sweeps the same mail', () => {
    const sweep = ['a', 'b', 'c', 'd'].map((target, n) =>
      hit(later + n * 50, { target, visitor: 'gateway' }),
    );
    expect(classes([hit(later + 20_000), ...sweep])).toEqual(['human', ...sweep.map(() => 'scanner')]);
  });
});

describe('a machine', () => {
  const machine = (what: string, hits: readonly Hit[], reason: string, of: Hunted = mail) =>
    it(what, () => {
      const judged = judgeHits(hits, of);
      expect(new Set(judged.map((one) => one.class))).toEqual(new Set(['scanner']));
      expect(judged.every((one) => one.reasons.some((each) => each.includes(reason)))).toBe(true);
    });
  machine('comes within seconds of the mail', [hit(9_999)], 'under 10 s');
  machine(
    'asks with HEAD, whatever it asks next',
    [hit(later, { method: 'HEAD' }), hit(later + 30_000)],
    'HEAD',
  );
  machine('follows the hidden link', [hit(later), hit(later + 9_000, { target: 'trap' })], 'hidden link');
  machine('says so itself', [hit(later, { signs: ['scanner'] })], 'known scanner');
  machine('fetches ahead', [hit(later, { signs: ['browser', 'prefetch'] })], 'ahead');
  machine(
    'fetches both links of a short mail at once',
    [hit(later), hit(later + 800, { target: 'b' })],
    'all other links',
    { ...mail, links: 2 },
  );
  machine(
    'unmakes with its burst the click that began it',
    ['a', 'b', 'c'].map((target, n) => hit(later + n * 900, { target })),
    'links within',
  );
  machine(
    'fetches one link thirty times',
    Array.from({ length: 30 }, (_, n) => hit(later + n * 1_500)),
    'more than 5 times',
    { ...mail, links: 1 },
  );
  machine(
    'asks from another address each time',
    ['a', 'b', 'c', 'd'].map((target, n) => hit(later + n * 400, { target, visitor: `v${n}` })),
    'all other links',
  );
});

it('a proxy that opens every mail has opened none; who says nothing known is not judged', () => {
  expect(classes([hit(later, { kind: 'open', target: null, signs: ['proxy', 'browser'] })])).toEqual([
    'proxy',
  ]);
  expect(classes([hit(1_000, { kind: 'open', target: null, signs: ['proxy'] })])).toEqual(['proxy']);
  expect(classes([hit(later, { signs: [] })])).toEqual(['unknown']);
});

it('a mail of which nobody knows when it left is judged by the rest', () => {
  expect(classes([hit(0)], { sentAt: null, links: 0 })).toEqual(['human']);
});

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const table: readonly (readonly [string, readonly Sign[]])[] = [
  [firefox, ['browser']],
  [safari, ['browser']],
  ['Mozilla/5.0', ['proxy', 'browser']],
  [
    'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    ['proxy', 'browser'],
  ],
  ['YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html', ['proxy']],
  ['', ['scanner']],
  ['curl/8.5.0', ['scanner']],
  ['python-requests/2.32', ['scanner']],
  ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', ['scanner', 'browser']],
  [
    'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36',
    ['scanner', 'browser'],
  ],
  ['BarracudaSentinel (EE)', ['scanner']],
  ['SomethingElse/1.0', []],
];
it.each(table)('the agent %j gives itself away as %j', (agent, signs) => {
  expect(readSigns({ 'user-agent': agent })).toEqual(signs);
});

it('a browser that fetches ahead says so', () => {
  expect(readSigns({ 'user-agent': firefox, 'sec-purpose': 'prefetch;prerender' })).toEqual([
    'prefetch',
    'browser',
  ]);
});

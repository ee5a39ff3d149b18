// F15, the short form: every second string and address.
import { expect, it } from 'vitest';
import { freshEngine } from '../harness/engines.ts';
import { isHostileMet, isLive, runHostile } from './f15.ts';

const ground = await freshEngine('postgres');

it('no field of an event becomes a header, a recipient, live HTML or a fault', {
  timeout: 400_000,
}, async () => {
  const report = await runHostile({ ...ground, engine: 'postgres' }, { every: 2, seed: 1 });
  expect(report).toMatchObject({ extraHeaders: 0, changedRecipients: 0, liveHtml: 0, serverErrors: 0 });
  expect(report.mails).toBeGreaterThan(20);
  expect(isHostileMet(report)).toBe(true);
});

it('the judge of live HTML knows it when it sees it', () => {
  const live = [
    '<p title="" onerror="x()">',
    '<p>7777</p>',
    '<script>alert(1)</script>',
    '<a href="javascript:x">',
  ];
  expect(live.map(isLive)).toEqual(live.map(() => true));
  expect(isLive('<p title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;">&lt;script&gt;alert(1)</p>')).toBe(
    false,
  );
});

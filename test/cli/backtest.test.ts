import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { openTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'voronka-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'events.ndjson');

async function backtest(events: readonly unknown[], ...args: string[]) {
  writeFileSync(
    path,
    events.map((event) => `${typeof event === 'string' ? event : JSON.stringify(event)}\n`).join(''),
  );
  const terminal = openTerminal();
  const code = await main(['backtest', 'qualification-nurture', '--events', path, ...args], terminal.streams);
  return { code, out: terminal.out(), err: terminal.err() };
}

let count = 0;
function event(contact: string, at: string, deal: object, parts: object = {}) {
  count += 1;
  const consent = { marketing: true };
  return {
    id: `e-${count}`,
    type: 'deal.stage_changed',
    at,
    contact: { id: contact, timezone: 'UTC', consent },
    deal: { id: `deal-${contact}`, ...deal },
    ...parts,
  };
}

const large = { stage: 'Qualification', amount: 20_000 };

describe('backtest', () => {
  it('says who would have entered and what they would have been sent, from a file alone', async () => {
    const { code, out } = await backtest(
      [
        event('anna', '2026-03-02T09:00:00Z', large),
        event('boris', '2026-03-02T09:00:00Z', { stage: 'Qualification', amount: 2_000 }),
        event('clara', '2026-03-02T09:00:00Z', { stage: 'Qualification', amount: 20 }),
        event('boris', '2026-03-05T12:00:00Z', { stage: 'Presentation' }),
        event('dina', '2026-04-20T09:00:00Z', { stage: 'Attraction' }),
      ],
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      contacts: 4,
      events: 5,
      entered: { would: 2 },
      goals: { would: 1 },
      mails: {
        intro: { would: 2 },
        'working-session': { would: 1 },
        references: { would: 1 },
        'last-question': { would: 1 },
      },
      outcomes: { 'no-response': { would: 1 }, 'moved-on': { would: 1 } },
      didIsKnown: false,
    });
  });

  it('takes facts as they were then, and hears only what came since', async () => {
    const events = [
      // By the time of the second entry the amount has grown; at the first it was too small.
      event('anna', '2026-01-05T09:00:00Z', { stage: 'Qualification', amount: 20 }),
      event('anna', '2026-02-02T09:00:00Z', { stage: 'Presentation', amount: 5_000 }),
      event('anna', '2026-03-02T09:00:00Z', { stage: 'Qualification' }),
      event('boris', '2026-01-05T09:00:00Z', large),
      event('clara', '2026-04-20T09:00:00Z', { stage: 'Attraction' }),
    ];
    const all = JSON.parse((await backtest(events, '--json', '--since', '2026-01-01')).out);
    expect(all).toMatchObject({ entered: { would: 2 }, mails: { intro: { would: 2 } } });
    const late = JSON.parse((await backtest(events, '--json', '--since', '2026-02-01')).out);
    expect(late).toMatchObject({ entered: { would: 1 }, mails: { references: { would: 1 } } });
    expect(late.mails['working-session']).toBeUndefined();
  });

  it('tells a person, with what it cannot know', async () => {
    const { out } = await backtest([event('anna', '2026-03-02T09:00:00Z', large)]);
    expect(out).toContain('1 contacts, 1 events');
    expect(out).toContain('Only this workflow is replayed.');
  });

  it('says every mistake of the file, each at its line, and nothing is replayed', async () => {
    const { code, out, err } = await backtest([
      event('anna', '2026-03-02T09:00:00Z', { stage: 'Qualification', amont: 3 }),
      '{ broken',
      event('anna', 'yesterday', large),
    ]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('events.ndjson:1  deal.amont is not a known field. Did you mean "amount"?');
    expect(err).toContain('events.ndjson:2  is not JSON');
    expect(err).toContain('events.ndjson:3  at is not an instant');
  });

  it('says which workflow and which span were meant', async () => {
    expect((await backtest([event('a', '2026-03-02T09:00:00Z', large)], '--since', 'long')).err).toContain(
      'write 90d',
    );
    const terminal = openTerminal();
    expect(await main(['backtest', 'welcom'], terminal.streams)).toBe(2);
    expect(terminal.err()).toContain('did you mean `welcome`?');
  });
});

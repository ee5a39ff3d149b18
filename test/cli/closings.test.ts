import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { openClosings } from '../../cli/closings.ts';

function openWith(patience?: number) {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line) => lines.push(line) });
  return { closings: openClosings(log, patience), lines };
}

describe('the closings', () => {
  it('run in reverse order, each once', async () => {
    const { closings } = openWith();
    const closed: string[] = [];
    for (const what of ['ledger', 'queue', 'web']) closings.add(what, async () => closed.push(what));
    expect(await Promise.all([closings.close(), closings.close()])).toEqual([true, true]);
    expect(closed).toEqual(['web', 'queue', 'ledger']);
  });

  it('go on when one fails, and say so', async () => {
    const { closings, lines } = openWith();
    let isLedgerClosed = false;
    closings.add('ledger', async () => {
      isLedgerClosed = true;
    });
    closings.add('queue', () => Promise.reject(new Error('gone')));
    expect(await closings.close()).toBe(false);
    expect(isLedgerClosed).toBe(true);
    expect(lines.join()).toContain('closing the queue failed');
  });

  it('name what still holds when patience ends', async () => {
    const { closings, lines } = openWith(1);
    closings.add('ledger', async () => undefined);
    closings.add('queue', () => new Promise(() => undefined));
    expect(await closings.close()).toBe(false);
    expect(lines.join()).toContain('queue, ledger');
  });
});

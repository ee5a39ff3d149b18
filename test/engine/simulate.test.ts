// The timeline as it is printed: what simulate shows, and what the workers' history is held against.
import { expect, it } from 'vitest';
import { printTimeline } from '../../engine/simulate.ts';
import { day, hour, monday } from './fixture.ts';

it('a timeline is printed with its days', () => {
  const line = { at: monday + day + hour, what: 'queued' as const, node: 'a', why: 'sends a', eventId: null };
  expect(printTimeline([{ ...line, workflow: 'w', runId: 'r', dealId: null }], monday)).toBe(
    'day 1    2026-11-24 11:00  w  a  sends a\n',
  );
});

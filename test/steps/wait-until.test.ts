import { expect, it } from 'vitest';
import { waitUntil } from '../../steps/wait-until.ts';
import { day, hour, monday } from '../engine/fixture.ts';
import { nodeOf, run, viewOf } from './view.ts';

const facts = (renewal_on: string | null) => ({ contact: {}, deal: { renewal_on } });

it('follows the fact that it hangs on', () => {
  const node = nodeOf('- { id: it, wait_until: deal.renewal_on - 7d }\n');
  const decide = (renewal: string | null, now = monday) =>
    waitUntil.decide(viewOf(node, { facts: facts(renewal), now }));
  expect(decide('2026-12-31')).toEqual({
    go: 'stay',
    until: Date.UTC(2026, 11, 24, 9),
    why: 'waits until Thu 24 Dec 2026 09:00 (deal.renewal_on - 7d)',
  });
  expect(decide('2027-01-31', monday + day)).toMatchObject({ until: Date.UTC(2027, 0, 24, 9) });
  expect(decide('2026-12-31', Date.UTC(2026, 11, 24, 9))).toEqual({ go: 'on', why: 'deal.renewal_on - 7d' });
  expect(decide('2026-11-24')).toEqual({ go: 'on', why: 'deal.renewal_on - 7d has passed' });
  expect(decide(null)).toEqual({ go: 'on', why: 'does not wait: deal.renewal_on is not known' });
});

it('reckons from when it arrived, so looking again does not move it', () => {
  const node = nodeOf('- { id: it, wait_until: monday 09:00 }\n');
  const later = viewOf(node, { run: { ...run, nodeAt: monday }, now: monday + 3 * day + hour });
  expect(waitUntil.decide(later)).toMatchObject({ go: 'stay', until: Date.UTC(2026, 10, 30, 9) });
});

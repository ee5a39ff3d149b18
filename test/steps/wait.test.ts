import { expect, it } from 'vitest';
import { wait } from '../../steps/wait.ts';
import { day, happening, monday } from '../engine/fixture.ts';
import { nodeOf, viewOf } from './view.ts';

const plain = nodeOf('- id: it\n  wait: 3d\n');
const parted = nodeOf(
  '- id: it\n  wait: 3d\n  until: contact replies\n  on_event:\n    - { id: a, exit: answered }\n',
);

it('stays until the duration has passed since it arrived', () => {
  expect(wait.decide(viewOf(plain))).toEqual({
    go: 'stay',
    until: monday + 3 * day,
    why: 'waits until Thu 26 Nov 2026 10:00',
  });
  expect(wait.decide(viewOf(plain, { now: monday + 3 * day - 1 }))).toMatchObject({ go: 'stay' });
  expect(wait.decide(viewOf(plain, { now: monday + 3 * day }))).toEqual({ go: 'on', why: '3 days passed' });
});

it('parts what came from what did not', () => {
  const event = happening('mail.replied');
  expect(wait.decide(viewOf(parted, { event }))).toEqual({ go: 'on', arm: 'event', why: 'contact replies' });
  expect(wait.decide(viewOf(parted, { now: monday + 3 * day }))).toMatchObject({ go: 'on', arm: 'timeout' });
  expect(parted.arms).toEqual({ event: 'a', timeout: null });
});

it('takes the event where both have come', () => {
  const event = happening('mail.replied');
  expect(wait.decide(viewOf(parted, { event, now: monday + 9 * day }))).toMatchObject({ arm: 'event' });
});

it('is not moved by another event', () => {
  const event = happening('mail.clicked');
  expect(wait.decide(viewOf(parted, { event, arrived: false }))).toMatchObject({ go: 'stay' });
});

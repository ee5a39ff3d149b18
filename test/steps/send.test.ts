import { expect, it } from 'vitest';
import type { MailRequest } from '../../engine/requests.ts';
import type { Delivery, Outcome } from '../../engine/step.ts';
import { send } from '../../steps/send.ts';
import { day, monday } from '../engine/fixture.ts';
import { ioOf } from './io.ts';
import { nodeOf, run, viewOf } from './view.ts';

it('asks for one mail at each visit, and goes on', () => {
  const node = nodeOf('- id: it\n  send: intro\n');
  const second = { ...run, memory: { visits: { it: 2 }, happened: {} } };
  expect(send.decide(viewOf(node, { run: second }))).toEqual({
    go: 'on',
    why: 'sends intro',
    effects: [
      {
        key: 'it#2',
        verb: 'send',
        node: 'it',
        topic: 'marketing',
        payload: { template: 'intro' },
        dueAt: monday,
        expiresAt: monday + 3 * day,
      },
    ],
  });
});

it('needs no consent for a transactional template', () => {
  const decision = send.decide(viewOf(nodeOf('- id: it\n  send: invoice\n')));
  expect(decision).toMatchObject({ effects: [{ topic: null }] });
});

it('hands the template to the caller’s mail, and answers what the world said', async () => {
  const asked: MailRequest[] = [];
  const sent: Outcome = { is: 'sent', reply: '250 ok' };
  const io = ioOf({
    mail: async (request) => {
      asked.push(request);
      return sent;
    },
  });
  const delivery = { id: '7', payload: { template: 'intro' } } as unknown as Delivery;
  expect(await send.perform?.(delivery, io)).toBe(sent);
  expect(asked).toEqual([{ template: 'intro' }]);
});

it('takes a delivery that names no template for a fault', () => {
  const delivery = { id: '7', payload: null } as unknown as Delivery;
  expect(() => send.perform?.(delivery, ioOf())).toThrow(/delivery 7/);
});

it.each([
  ['on_unknown: resend', 'resend'],
  ['delivery: at_least_once', 'resend'],
  ['on_unknown: assume_sent', 'assume_sent'],
])('says in its row what becomes of a mail of which nobody knows: %s', (said, onUnknown) => {
  const decision = send.decide(viewOf(nodeOf(`- id: it\n  send: intro\n  ${said}\n`)));
  expect(decision).toMatchObject({ effects: [{ payload: { template: 'intro', onUnknown } }] });
});

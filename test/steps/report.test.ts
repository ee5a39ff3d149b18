import { expect, it } from 'vitest';
import type { ReportRequest } from '../../engine/requests.ts';
import type { Delivery, Outcome } from '../../engine/step.ts';
import { report } from '../../steps/report.ts';
import { monday } from '../engine/fixture.ts';
import { ioOf } from './io.ts';
import { nodeOf, viewOf } from './view.ts';

const node = nodeOf('- id: it\n  report: [funnel, nps]\n');

it('asks for one mail, which needs no consent, is no mail to a customer, and is given up before the next week', () => {
  expect(report.decide(viewOf(node))).toMatchObject({
    go: 'on',
    why: 'mails the reports funnel, nps',
    effects: [
      {
        key: 'it#1',
        verb: 'report',
        topic: null,
        payload: { reports: ['funnel', 'nps'] },
        toContact: false,
        dueAt: monday,
        expiresAt: monday + 2 * 86_400_000,
      },
    ],
  });
});

it('hands the reports it was asked for to whoever writes them, and their answer back', async () => {
  const asked: ReportRequest[] = [];
  const sent: Outcome = { is: 'sent', reply: '250 ok' };
  const io = ioOf({
    report: async (request) => {
      asked.push(request);
      return sent;
    },
  });
  const delivery = { id: '7', payload: { reports: ['funnel'] } } as unknown as Delivery;
  expect(await report.perform?.(delivery, io)).toEqual(sent);
  expect(asked).toEqual([{ reports: ['funnel'] }]);
  const wrong = { id: '7', payload: {} } as unknown as Delivery;
  expect(() => report.perform?.(wrong, io)).toThrow(/delivery 7 asks for no report/);
});

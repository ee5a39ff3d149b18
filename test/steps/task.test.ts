import { expect, it } from 'vitest';
import type { TaskRequest } from '../../engine/requests.ts';
import type { Delivery, Outcome } from '../../engine/step.ts';
import { task } from '../../steps/task.ts';
import { monday } from '../engine/fixture.ts';
import { ioOf } from './io.ts';
import { nodeOf, viewOf } from './view.ts';

const yaml = `- id: it
  task: Call {{ contact.first_name }}
  notes: About {{ deal.title }}
  assign: least loaded of sales
  due: 1 business day
  remind: [1d, 2 hours]
  overdue: escalate to sales
`;
const request: TaskRequest = {
  title: 'Call {{ contact.first_name }}',
  notes: 'About {{ deal.title }}',
  assign: { to: 'least', team: 'sales' },
  due: 'business P1D',
  remind: ['P1D', 'PT2H'],
  overdue: { is: 'escalate', person: 'sales-lead' },
};

it('asks for one task, needs no consent, and goes on at once', () => {
  const decision = task.decide(viewOf(nodeOf(yaml)));
  expect(decision).toMatchObject({
    go: 'on',
    why: 'asks the least loaded of sales within 1 business day, or else escalate to sales-lead: Call {{ contact.first_name }}',
    effects: [{ key: 'it#1', verb: 'task', topic: null, payload: request, dueAt: monday, toContact: false }],
  });
});

it('with `holds_mail` no marketing mail goes to the contact for so long, nor for longer than another task holds it', () => {
  const node = nodeOf('- id: it\n  task: Call\n  assign: ivan\n  due: 4h\n  holds_mail: 2d\n');
  const until = monday + 2 * 86_400_000;
  expect(task.decide(viewOf(node))).toMatchObject({
    patch: { contact: { held_until: until, held_since: monday } },
    effects: [{ payload: { title: 'Call', holdsUntil: until } }],
  });
  const facts = { contact: { held_until: until + 1 }, deal: {} };
  expect(task.decide(viewOf(node, { facts }))).toMatchObject({
    patch: { contact: { held_until: until + 1, held_since: monday } },
  });
});

it('needs no more than who, what and until when', () => {
  const node = nodeOf('- id: it\n  task: Call\n  assign: ivan\n  due: 4h\n');
  expect(node.params).toEqual({
    title: 'Call',
    notes: null,
    assign: { to: 'person', person: 'ivan' },
    due: 'PT4H',
    remind: [],
    overdue: null,
  });
  expect(node.traits.label).toBe('task for ivan');
});

it('hands the request to the caller’s task, and answers what came of it', async () => {
  const asked: TaskRequest[] = [];
  const made: Outcome = { is: 'sent', reply: 'task 1 for ivan' };
  const io = ioOf({
    task: async (one) => {
      asked.push(one);
      return made;
    },
  });
  expect(await task.perform?.({ id: '7', payload: request } as unknown as Delivery, io)).toBe(made);
  expect(asked).toEqual([request]);
});

it('takes a delivery that asks for no task for a fault', () => {
  const delivery = { id: '7', payload: { template: 'intro' } } as unknown as Delivery;
  expect(() => task.perform?.(delivery, ioOf())).toThrow(/delivery 7/);
});

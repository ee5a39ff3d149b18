// Rollout and holdout: who is drawn, what those held out get, and how long they are watched for the goal.
import { describe, expect, it } from 'vitest';
import { react } from '../../engine/react.ts';
import { simulate } from '../../engine/simulate.ts';
import type { Fields } from '../../engine/step.ts';
import { day, happening, monday, programOf, stageChange, stateOf } from './fixture.ts';

const deals = { d1: { id: 'd1', pipeline: 'sales', stage: 'Won', renewal_on: '2027-01-20' } };

function told(
  text: string,
  parts: {
    contact?: Fields;
    deals?: { [id: string]: Fields };
    events?: ReturnType<typeof happening>[];
    days?: number;
  },
) {
  const contact = { id: 'c1', consent: { marketing: true }, timezone: 'Europe/Moscow', ...parts.contact };
  // Something must have happened to a contact before it is known at all.
  const first = happening('contact.seen');
  const events = [first, ...(parts.events ?? [])];
  const persona = { contact, deals: parts.deals ?? deals };
  const { timeline } = simulate(programOf(text), {
    ...persona,
    events,
    from: monday,
    until: monday + (parts.days ?? 100) * day,
  });
  return timeline.map(
    ({ at, what, node, why }) => `${new Date(at).toISOString().slice(0, 16)} ${what} ${node}: ${why}`,
  );
}

describe('a workflow that is tried out', () => {
  const text = (rules: string) => `
workflow: trial
enter: { when: deal.stage enters "Offer", ${rules} }
exit: [{ when: deal won, outcome: won, goal: true }]
topic: marketing
steps:
  - { id: hello, send: intro }
`;
  const subjects = Array.from({ length: 400 }, (_, i) => `d${i}`);
  const enteredBy = (rules: string) => {
    const program = programOf(text(rules));
    return subjects.filter((id) => {
      const state = stateOf({ deals: { [id]: { id } }, events: [stageChange('Offer', { dealId: id })] });
      return react(program, state, monday).transitions.some(({ run }) => run.node !== '@held-out');
    });
  };

  it('takes its share, and the same people when the share is raised', () => {
    const [quarter, half] = [enteredBy('rollout: 25%'), enteredBy('rollout: 50%')];
    expect(Math.abs(quarter.length - 100)).toBeLessThan(35);
    expect(Math.abs(half.length - 200)).toBeLessThan(40);
    expect(quarter.filter((id) => !half.includes(id))).toEqual([]);
  });

  it('holds a group out: it gets nothing, is watched for the goal, and then let go', () => {
    const treated = enteredBy('holdout: 10%');
    expect(Math.abs(treated.length - 360)).toBeLessThan(25);
    const id = subjects.find((each) => !treated.includes(each)) ?? '';
    const run = (events: ReturnType<typeof stageChange>[]) =>
      told(text('holdout: 10%'), { deals: { [id]: { id, pipeline: 'sales' } }, events }).map((line) =>
        line.slice(17),
      );
    const begin = stageChange('Offer', { dealId: id, at: monday });
    expect(run([begin])).toEqual([
      'entered null: deal.stage enters "Offer"; held out',
      'waits @held-out: is held out, to be compared with',
      'ended @held-out: was held out',
    ]);
    const won = stageChange('Won', { dealId: id, at: monday + day, data: { from: 'Offer' } });
    expect(run([begin, won]).at(-1)).toBe('ended @held-out: deal won');
  });

  it('ends the others with their last step', () => {
    const id = enteredBy('holdout: 10%')[0] ?? '';
    const begin = stageChange('Offer', { dealId: id, at: monday });
    const lines = told(`${text('holdout: 10%')}  - { id: bye, exit: no-response }\n`, {
      deals: { [id]: { id, pipeline: 'sales' } },
      events: [begin],
    });
    expect(lines.at(-1)?.slice(17)).toBe('ended bye: exits no-response');
  });
});

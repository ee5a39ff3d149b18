// Stories: what is kept passes, and what is not says what happened instead, when and why.
import { describe, expect, it } from 'vitest';
import { compile } from '../../engine/compile.ts';
import { printDiagnostics } from '../../engine/diagnostic.ts';
import { link } from '../../engine/link.ts';
import { judgeStory } from '../../engine/story-judge.ts';
import { runStory } from '../../engine/story-run.ts';
import { steps } from '../../steps/index.ts';
import { catalogue } from './fixture.ts';

const workflow = `workflow: nurture
enter:
  when: deal.stage enters "Qualification"
  only_if: contact.consent.marketing && deal.amount >= 1000
  rollout: 1%
exit:
  - when: contact replies
    outcome: replied
    goal: true
topic: marketing
steps:
  - id: hello
    send: intro
  - id: pause
    wait: 2 business days
    until: contact clicks hello
  - id: study
    send: case-study
  - id: rest
    wait: 5d
  - id: done
    exit: silent
`;

/** Each failure as `line: instead`. */
function failures(story: string, declared = catalogue): string[] {
  const text = `${workflow}tests:\n  - name: a story\n${story.replace(/^/gm, '    ')}\n`;
  const files = [{ path: 'w.yaml', text }];
  const { plans, stories, diagnostics } = compile(files, steps, declared);
  if (diagnostics.length > 0) throw new Error(printDiagnostics(diagnostics, files));
  const program = link(
    plans,
    plans.map((plan) => plan.hash),
    steps,
    declared,
  );
  return stories.flatMap((one) =>
    judgeStory(runStory(one, program), program).map(({ expected, instead }) => `${expected}: ${instead}`),
  );
}

describe('a story', () => {
  it('that is kept says nothing, whoever the rollout would draw', () => {
    expect(failures('expect:\n- day 0: sends intro\n- day 2: sends study\n- day 7: exits silent')).toEqual(
      [],
    );
  });

  it('says when it happened instead, and which wait it came after', () => {
    expect(failures('expect:\n- day 3: sends case-study')).toEqual([
      'day 3: sends case-study: day 3: nothing; it was sent on day 2 (Wed 14 Jan 2026 09:00), because `pause` ' +
        'waits until Wed 14 Jan 2026 09:00 or until contact clicks hello',
    ]);
  });

  it('says how the run ended where it never happened', () => {
    expect(failures('when:\n- day 1: contact replies\nexpect:\n- day 2: sends case-study')).toEqual([
      'day 2: sends case-study: day 2: nothing; it never happened; the run ended on day 1 (Tue 13 Jan 2026 12:00) ' +
        'as `replied`: contact replies',
    ]);
  });

  it('says why nobody entered: the condition, the fact that is missing, the event that did not come', () => {
    const none = (given: string) => failures(`given: ${given}\nexpect:\n- sends intro`)[0];
    expect(none('{ deal: { amount: 10 } }')).toContain('nobody entered: `only_if: contact.consent.marketing');
    expect(none('{ deal: { amount: null } }')).toContain('(deal.amount is not known)');
    expect(none('{ deal: { stage: Offer } }')).toContain('did not happen; the deal stands in "Offer"');
  });

  it('tells what should never have happened, with its day', () => {
    expect(failures('expect:\n- never sends case-study\n- does not enter')).toEqual([
      'never sends case-study: case-study was sent on day 2 (Wed 14 Jan 2026 09:00), because `pause` waits until ' +
        'Wed 14 Jan 2026 09:00 or until contact clicks hello',
      'does not enter: it entered on day 0 (Mon 12 Jan 2026 09:00)',
    ]);
  });

  it('needs a mail for each line, and counts what no line speaks of', () => {
    expect(failures('expect:\n- sends intro\n- sends intro\n- sends nothing else')).toEqual([
      expect.stringContaining('sends intro: it never happened'),
      expect.stringContaining('sends nothing else: case-study was sent on day 2'),
    ]);
  });

  it('in which somebody clicks before there is a mail cannot have happened', () => {
    const story =
      'given: { deal: { amount: 10 } }\nwhen:\n- day 1: contact clicks hello\nexpect:\n- does not enter';
    expect(failures(story)).toEqual([
      'contact clicks hello: `hello` is never reached, so this cannot have happened',
    ]);
  });

  it('keeps the days of its contact’s calendar, over a change of the clock too', () => {
    const story = (zone: string, at: string) =>
      failures(
        `at: ${at}\ngiven: { contact: { timezone: ${zone} } }\nexpect:\n- day 2 09:00: sends study\n- day 7 09:00: exits silent`,
      );
    expect(story('Pacific/Auckland', '2026-04-02 09:00')[0]).toContain(
      'it was sent on day 4 (Mon 6 Apr 2026',
    );
    expect(story('America/New_York', '2026-03-05 09:00')[0]).toContain(
      'it was sent on day 4 (Mon 9 Mar 2026 09:00)',
    );
    expect(story('Asia/Kathmandu', '2026-01-12 09:00')).toEqual([]);
  });

  it('is no part of its plan: a file with other stories is the same plan', () => {
    const hashOf = (tests: string) =>
      compile([{ path: 'w.yaml', text: workflow + tests }], steps, catalogue).plans[0]?.hash;
    expect(hashOf('tests:\n  - name: a\n    expect: [enters]\n')).toBe(hashOf(''));
    expect(hashOf('')).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a story under a frequency cap', () => {
  const caps = [{ topic: null, count: 1, ms: 7 * 86_400_000 }];
  const capped = { ...catalogue, policy: { ...catalogue.policy, caps } };

  it('sends a mail on the day on which it leaves, and says what held it', () => {
    expect(failures('expect:\n- day 0: sends intro\n- day 7: sends study', capped)).toEqual([]);
    expect(failures('expect:\n- day 2: sends study', capped)[0]).toMatch(
      /case-study; it leaves on .*: one contact gets at most 1 mail in 7 days/,
    );
  });

  it('sends nothing of what still waits when the run ends', () => {
    const replies = 'when:\n- day 3: contact replies\nexpect:\n- day 3: exits replied\n- never sends study';
    expect(failures(replies, capped)).toEqual([]);
    expect(failures(replies)).toHaveLength(1);
  });
});

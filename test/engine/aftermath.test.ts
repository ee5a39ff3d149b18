// What becomes in time of what people were asked for, told as stories: reminders, and each thing that can be done about a
// late task; reminders of surveys.
import { describe, expect, it } from 'vitest';
import { compile } from '../../engine/compile.ts';
import { printDiagnostics } from '../../engine/diagnostic.ts';
import { link } from '../../engine/link.ts';
import { judgeStory } from '../../engine/story-judge.ts';
import { runStory } from '../../engine/story-run.ts';
import { steps } from '../../steps/index.ts';
import { catalogue as golden } from './fixture.ts';

const olga = golden.people.olga ?? { name: 'Olga', email: null, zone: null, away: [] };
const asked = golden.questions.nps;
if (asked === undefined) throw new Error('the golden catalogue has no nps');
const catalogue = {
  ...golden,
  people: { ...golden.people, away: { ...olga, away: [['2026-01-01', '2026-12-31']] as const } },
  teams: { ...golden.teams, sales: { members: ['away', 'olga', 'ivan'], lead: 'sales-lead' } },
  questions: { ...golden.questions, nps: { ...asked, remind: 'P5D' } },
};

/** Each line that is not kept, with what happened instead. */
function failures(step: string, story: string): string[] {
  const text = `workflow: w
enter: { when: deal.stage enters "Offer" }
topic: marketing
steps:
${step}
  - { id: rest, wait: 30d }
tests:
  - name: a story
    given: { contact: { timezone: UTC } }
${story.replace(/^/gm, '    ')}
`;
  const files = [{ path: 'w.yaml', text }];
  const { plans, stories, diagnostics } = compile(files, steps, catalogue);
  if (diagnostics.length > 0) throw new Error(printDiagnostics(diagnostics, files));
  const hashes = plans.map((plan) => plan.hash);
  const program = link(plans, hashes, steps, catalogue);
  return stories.flatMap((one) =>
    judgeStory(runStory(one, program), program).map(({ expected, instead }) => `${expected}: ${instead}`),
  );
}

const task = (overdue: string) => `  - id: call
    task: Call
    assign: round robin over sales
    due: 1 business day
    remind: 2 hours
    overdue: ${overdue}`;

describe('a task that nobody closes', () => {
  it.each([
    ['remind', 'reminds its owner again', ['day 1: reminds olga', 'never reminds ivan']],
    [
      'reassign',
      'goes to the next who is there, who is reminded too',
      ['day 1: reassigns to ivan', 'day 2: reminds ivan', 'never reassigns to olga'],
    ],
    [
      'escalate to sales',
      'goes up to the lead',
      ['day 1: escalates to sales-lead', 'never reassigns to ivan'],
    ],
  ])('overdue: %s: %s', (overdue, _, lines) => {
    const expects = ['day 0: gives call to olga', 'never gives call to away', ...lines];
    expect(failures(task(overdue), `expect:\n${expects.map((line) => `- ${line}`).join('\n')}`)).toEqual([]);
  });

  it('a task that is done in time is nobody’s affair any more', () => {
    const when = 'when:\n- day 0 15:00: task call is done\n';
    expect(
      failures(
        task('reassign'),
        `${when}expect:\n- day 0: gives call to olga\n- never reminds olga\n- never reassigns to ivan`,
      ),
    ).toEqual([]);
  });

  it('a line that is not kept says when it was', () => {
    expect(failures(task('escalate to sales'), 'expect:\n- day 3: escalates to sales-lead')).toEqual([
      expect.stringContaining('it was told on day 1'),
    ]);
  });
});

describe('a survey that nobody answers', () => {
  const survey = '  - { id: ask, survey: nps }';

  it('is sent once more', () => {
    expect(failures(survey, 'expect:\n- day 0: asks nps\n- day 5: reminds nps')).toEqual([]);
    expect(failures(survey, 'expect:\n- day 10: reminds nps')).toHaveLength(1);
  });

  it.each(['contact answers nps as passive', 'contact unsubscribes', 'contact complains', 'contact bounces'])(
    'is not sent again once the %s',
    (happens) => {
      expect(failures(survey, `when:\n- day 2: ${happens}\nexpect:\n- never reminds nps`)).toEqual([]);
    },
  );
});

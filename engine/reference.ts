// The reference that a marketer reads, written from what the program itself knows: the steps, the event phrases and the
// table of diagnostics. A test holds workflows/README.md to it, so that a code or a step cannot go undocumented.
import { codes } from './codes.ts';
import { declarations } from './declarations.ts';
import { builtInEndings } from './endings.ts';
import { phrases } from './phrase.ts';
import type { Step } from './step.ts';
import { storyHappenings } from './story-happen.ts';
import { lineKinds } from './story-lines.ts';

export function writeReference(steps: readonly Step[]): string {
  const parts = [stepParts(steps), editParts(), phraseParts(), storyParts(), declarationParts(), codeParts()];
  return `${[introduction, ...parts.flat()].join('\n\n')}\n`;
}

const introduction = `# Workflows

Every file here that has a \`workflow:\` is one workflow. Beside them stand what they may speak of: \`pipelines.yaml\`,
\`facts.yaml\`, \`teams.yaml\` and \`calendars/\`. \`npx voronka lint\` checks all of it, \`npx voronka simulate <workflow>\`
tells what happens to one contact. The shipped files are good to begin from. This page is written by the program.

A step is an \`id\` and exactly one verb. An id is never used again for another verb; where a step stands does not matter.
Conditions are CEL over the facts of contact and deal, with \`opened("step")\`, \`clicked("step")\`, \`replied()\` and
\`days_since(instant)\`. A fact that is not known makes a condition no, and the run's history says so. What an
edit does with those who are under way stands under Edits.`;

function stepParts(steps: readonly Step[]): string[] {
  const parts = steps.map(
    ({ verb, doc }) => `### \`${verb}\`\n\n${doc.text}\n\n\`\`\`yaml\n${doc.example.trimEnd()}\n\`\`\``,
  );
  return ['## Steps', ...parts];
}

const editText = `\`npx voronka plan\` says in people what an edit does; \`apply\` does it. A step is its workflow and its id, so who stands on
one stays there, wherever it has moved to. A run is always between two steps when it is moved: one that waits is moved
where it stands, nothing is sent by that, and it is due when the new words say, counted from when it came to the wait. An
id that an earlier version used never comes back with another verb. Applying the old files is the way back: renames are
taken back, and who stands on a step that the old files do not know goes on.`;

const editRows = [
  ['in_flight: migrate', 'The default: people under way are moved to the new version.'],
  ['in_flight: pin', 'They stay on the version they are on, for good: no later edit moves them either.'],
  [
    'in_flight: drain',
    'They stay on the version they are on until they end, or until a later edit says otherwise.',
  ],
  [
    'in_flight: restart',
    'They begin again at the first step. What is queued and has not left is cancelled; what was sent may be sent again.',
  ],
  ['renamed: { old: new }', 'Who stands at `old` stands at `new`, which has the same verb.'],
  [
    'removed: { old: continue }',
    'Who stands at `old` goes on to the next step that is still there, in the old order; its blocks are not entered.',
  ],
  ['removed: { old: exit }', 'Their run ends, with the outcome `removed`.'],
  ['removed: { old: some-step }', 'They go on at that step.'],
  [
    'enter: { holdout: 10% }',
    'A control group: it enters and gets nothing, and is watched for the goal as long as the longest way lasts, and thirty days at least. `report workflows` compares: goals of those held out count as long as the longest run of the others lasted.',
  ],
  [
    'enter: { limit: 500 per day }',
    'A brake: so many begin on one day of the company. The rest wait at the door for the first day that has room.',
  ],
];

function editParts(): string[] {
  const rows = editRows.map(([form = '', means = '']) => `| \`${form}\` | ${inCell(means)} |`);
  return [
    '## Edits',
    editText,
    'A step that is gone while people stand on it, and is neither renamed nor removed by a word, keeps `plan` and `apply` from doing anything.',
    `| in the workflow | what it does |\n|---|---|\n${rows.join('\n')}`,
  ];
}

function phraseParts(): string[] {
  const rows = phrases.map(({ form, means }) => `| \`${inCell(form)}\` | ${inCell(means)} |`);
  const endings = builtInEndings.map(({ outcome, why }) => `| \`${outcome}\` | ${inCell(why)} |`);
  return [
    '## Events',
    'For `enter: when`, `exit: when` and `until`. An answer, a form and an event of the API may name a deal: with `per: deal` they begin one run for each deal, about it, and none where they name no deal.',
    `| phrase | when it is true |\n|---|---|\n${rows.join('\n')}`,
    'These end a run of every workflow, and what is queued of it is cancelled. The deal is the one that the run is about.',
    `| outcome | why the run ends |\n|---|---|\n${endings.join('\n')}`,
  ];
}

function declarationParts(): string[] {
  const parts = declarations.map(
    ({ file, doc }) => `### \`${file}\`\n\n${doc.text}\n\n\`\`\`yaml\n${doc.example.trimEnd()}\n\`\`\``,
  );
  return [
    '## What stands beside them',
    'One that is missing is taken from what is shipped, all but `scores.yaml` (without it nothing is scored) and `forms.yaml`.',
    ...parts,
  ];
}

function storyParts(): string[] {
  const row = ({ form, means }: { form: string; means: string }) =>
    `| \`${inCell(form)}\` | ${inCell(means)} |`;
  return [
    '## Stories',
    storyText,
    `| under \`when:\`, beside the events above | what happens |\n|---|---|\n${storyHappenings.map(row).join('\n')}`,
    `| under \`expect:\` | when it holds |\n|---|---|\n${lineKinds.map(row).join('\n')}`,
  ];
}

const storyText = `Under \`tests:\` a workflow says what it promises; \`npx voronka test\` runs it on a virtual clock, through the
engine of production.

\`\`\`yaml
tests:
  - name: who clicks is called
    at: 2026-01-12 09:00          # when day 0 begins, in the contact's zone: this Monday where it is left out
    given:                        # the rest is a made-up person with consent, and a deal of 12,000
      contact: { score: { engagement: 80 } }
      deal: { stage: Qualification, renewal_on: day 90 }
      draws: { subject-line: short }
    when:
      - day 1: contact clicks intro
      - day 3 10:00: deal.stage enters "Presentation"
    expect:
      - day 0: sends qualification-intro
      - never sends case-study
      - exits moved-on
\`\`\`

\`deal.stage\` is the stage that the deal has just come to when the story starts. Days are those of the contact's calendar;
what has no time of day happens at noon, on day 0 an hour after the start. A line of \`expect\` without a day holds on any.
Every line may follow \`never\`. The order of lines does not matter. A score that lets somebody in is earned by what happens. Only the workflow itself runs: \`rollout\`, \`holdout\` and
a daily limit are left out, because a story tells of those who come in.`;

function codeParts(): string[] {
  const rows = Object.entries(codes).map(
    ([code, { severity, means }]) => `| \`${code}\` | ${severity} | ${inCell(means)} |`,
  );
  return [
    '## Diagnostics',
    'A line `# lint-ignore code: reason` above a place silences one.',
    `| code | severity | what it says |\n|---|---|---|\n${rows.join('\n')}`,
  ];
}

const inCell = (text: string) => text.replaceAll('|', '\\|');

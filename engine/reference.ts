// The reference that a marketer reads, written from what the program itself knows: the steps, the event phrases and the
// table of diagnostics. A test holds workflows/README.md to it, so that a code or a step cannot go undocumented.
import { codes } from './codes.ts';
import { declarations } from './declarations.ts';
import { phrases } from './phrase.ts';
import type { Step } from './step.ts';

export function writeReference(steps: readonly Step[]): string {
  return `${[introduction, ...stepParts(steps), ...phraseParts(), ...declarationParts(), ...codeParts()].join('\n\n')}\n`;
}

const introduction = `# Workflows

Every file here that has a \`workflow:\` is one workflow. Beside them stand what they may speak of: \`pipelines.yaml\`,
\`facts.yaml\`, \`teams.yaml\` and \`calendars/\`. \`npx voronka lint\` checks all of it, \`npx voronka simulate <workflow>\`
tells what happens to one contact. The shipped files are good to begin from. This page is written by the program.

A step is an \`id\` and exactly one verb. An id is never used again for another verb; where a step stands does not matter.
Conditions are CEL over the facts of contact and deal, with \`opened("step")\`, \`clicked("step")\`, \`replied()\` and
\`days_since(instant)\`. A fact that is not known makes a condition no, and the run's history says so. A run stays on the
version of the file that it entered.`;

function stepParts(steps: readonly Step[]): string[] {
  const parts = steps.map(
    ({ verb, doc }) => `### \`${verb}\`\n\n${doc.text}\n\n\`\`\`yaml\n${doc.example.trimEnd()}\n\`\`\``,
  );
  return ['## Steps', ...parts];
}

function phraseParts(): string[] {
  const rows = phrases.map(({ form, means }) => `| \`${inCell(form)}\` | ${inCell(means)} |`);
  return [
    '## Events',
    'For `enter: when`, `exit: when` and `until`.',
    `| phrase | when it is true |\n|---|---|\n${rows.join('\n')}`,
  ];
}

function declarationParts(): string[] {
  const parts = declarations.map(
    ({ file, doc }) => `### \`${file}\`\n\n${doc.text}\n\n\`\`\`yaml\n${doc.example.trimEnd()}\n\`\`\``,
  );
  return ['## What stands beside them', 'One that is missing is taken from what is shipped.', ...parts];
}

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

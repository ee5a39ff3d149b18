// What the bench runs: the shipped welcome letter in a workflow that sends it at once and then waits, and a workflow that
// only moves. Both enter on a stage, as in production.
import { readFolder } from '../cli/folders.ts';
import type { Db } from '../db/connect.ts';
import type { SourceFile } from '../engine/source.ts';
import { useDefinitions } from '../test/harness/definitions.ts';

export const day = 86_400_000;

export const benchFiles: readonly SourceFile[] = [
  {
    path: 'pipelines.yaml',
    text: `pipelines:
  sales:
    stages: [Lead, Qualification, Proposal, Won, Lost]
    won: [Won]
    lost: [Lost]
`,
  },
  {
    path: 'mailing.yaml',
    text: `workflow: mailing
description: Mails at once, then waits
owner: marketing@acme.example
enter:
  when: deal.stage enters "Lead"
  only_if: contact.consent.marketing
  again: always
exit:
  - when: deal.stage leaves "Lead"
    outcome: moved-on
topic: marketing
steps:
  - id: hello
    send: welcome
  - id: pause
    wait: 30d
  - id: done
    exit: silent
`,
  },
  {
    path: 'moving.yaml',
    text: `workflow: moving
description: Branches and waits, and mails nobody
owner: marketing@acme.example
enter:
  when: deal.stage enters "Qualification"
  only_if: contact.consent.marketing && deal.amount >= 100
  again: always
exit:
  - when: deal.stage leaves "Qualification"
    outcome: moved-on
steps:
  - id: size
    branch:
      - if: deal.amount >= 10000
        steps:
          - id: large
            wait: 1d
      - else:
          - id: small
            wait: 1d
  - id: later
    wait: 30d
  - id: done
    exit: silent
`,
  },
];

/** Of the repository's own templates, the welcome and what it is laid out with. */
export function benchLetters(): SourceFile[] {
  const letters = readFolder('templates', ['.mjml']).map(({ path, text }) => ({
    path: path.replace(/^templates\//, ''),
    text,
  }));
  return letters.filter(({ path }) => path.includes('/') || path === 'welcome.en.mjml');
}

export async function useBenchDefinitions(db: Db): Promise<void> {
  await useDefinitions(db, 0, benchFiles, benchLetters());
}

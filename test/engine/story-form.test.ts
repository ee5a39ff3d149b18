// A form that is sent in a story: its answers are facts from then on, for conditions and for the score.
import { expect, it } from 'vitest';
import { compile } from '../../engine/compile.ts';
import { printDiagnostics } from '../../engine/diagnostic.ts';
import { link } from '../../engine/link.ts';
import { judgeStory } from '../../engine/story-judge.ts';
import { runStory } from '../../engine/story-run.ts';
import { steps } from '../../steps/index.ts';
import { goldenCatalogue } from '../lint/catalogue.ts';

const forms = `forms:
  wants:
    title: { en: Needs }
    questions:
      - { fact: deal.budget, ask: { en: Budget? }, choices: { set: { en: yes }, none: { en: no } } }
      - { fact: contact.employees, ask: { en: How many? } }
      - { fact: contact.industry, ask: { en: Which industry? } }
    thanks: { en: Thanks }
`;
const workflow = (answers: string, expected: string) => `workflow: needs
enter: { when: deal.stage enters "Qualification" }
steps:
  - id: asked
    wait: 5d
    until: form "wants" submitted
  - { id: a-moment, wait: 1h }
  - id: who
    branch:
      - if: contact.industry == "glass, and steel"
        steps:
          - { id: glass, exit: glass }
      - if: contact.score.fit >= 50
        steps:
          - { id: fits, exit: fits }
      - else: []
  - { id: rest, exit: other }
tests:
  - name: a story
    given: { deal: { budget: null }, contact: { employees: null, industry: null } }
    when:
      - day 1: ${answers}
    expect:
      - day 1: exits ${expected}
`;

it.each([
  ['form "wants" submitted with deal.budget = set, contact.employees = 250', 'fits'],
  ['form "wants" submitted with contact.employees = 5, contact.industry = "glass, and steel"', 'glass'],
  ['form "wants" submitted with deal.budget = none', 'other'],
  ['form "wants" submitted', 'other'],
])('%s ends as %s', (answers, expected) => {
  const files = [{ path: 'needs.yaml', text: workflow(answers, expected) }];
  const { catalogue, diagnostics } = goldenCatalogue([{ path: 'forms.yaml', text: forms }]);
  const { plans, stories, diagnostics: found } = compile(files, steps, catalogue);
  expect(
    printDiagnostics(
      [...diagnostics, ...found].filter(({ code }) => code !== 'untested-branch'),
      files,
    ),
  ).toBe('');
  const hashes = plans.map(({ hash }) => hash);
  const program = link(plans, hashes, steps, catalogue);
  expect(stories.flatMap((one) => judgeStory(runStory(one, program), program))).toEqual([]);
});

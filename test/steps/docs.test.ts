// Each step's example, as the reference shows it, lints clean.
import { expect, it } from 'vitest';
import type { TemplateSummary } from '../../engine/catalogue.ts';
import { compile } from '../../engine/compile.ts';
import { printDiagnostics } from '../../engine/diagnostic.ts';
import { steps } from '../../steps/index.ts';
import { catalogue } from '../engine/fixture.ts';

const template: TemplateSummary = { locales: ['en'], topic: 'marketing', needs: [] };
const service: TemplateSummary = { locales: ['en'], topic: null, needs: [] };
const templates = {
  'qualification-intro': template,
  'case-study': template,
  'task-notice': service,
  nps: { ...service, asks: true },
};

it.each(steps.map((step) => [step.verb, step]))('the example of %s lints clean', (verb, step) => {
  const indented = step.doc.example.replace(/^/gm, '  ').trimEnd();
  const text = `workflow: example\nenter: { when: deal.stage enters "Offer" }\ntopic: marketing\nsteps:\n${indented}\n`;
  const files = [{ path: `${verb}.yaml`, text }];
  const { diagnostics } = compile(files, steps, { ...catalogue, templates });
  expect(printDiagnostics(diagnostics, files)).toBe('');
});

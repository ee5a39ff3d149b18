// The smallest definitions that walk the whole path, compiled as in production: one pipeline, a workflow that greets a
// lead, waits two days and writes again, and its two letters.

import type { Db } from '../../db/connect.ts';
import { applyDefinitions, type Definitions } from '../../db/plans.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import { compile } from '../../engine/compile.ts';
import { isDeclaration, readCatalogue } from '../../engine/declarations.ts';
import type { SourceFile } from '../../engine/source.ts';
import type { Json } from '../../engine/step.ts';
import { compileTemplates } from '../../mail/library.ts';
import { toSummaries } from '../../mail/template.ts';
import { steps } from '../../steps/index.ts';

export const pipelinesFile: SourceFile = {
  path: 'pipelines.yaml',
  text: `pipelines:
  sales:
    stages: [Lead, Qualification, Proposal, Negotiation, Won, Lost]
    won: [Won]
    lost: [Lost]
`,
};

/** For trials in which many addresses are dead on purpose, which a breaker would rightly stop. */
export const calmPolicyFile: SourceFile = {
  path: 'policy.yaml',
  text: `company: { name: Acme, address: '1 Main Street' }
sender: { from: Acme <hello@acme.example> }
domains: { acme.example: {} }
topics:
  marketing:
    name: { en: Advice }
    text: { en: I agree to get advice. }
    opens: true
    clicks: true
breakers: { at_least: 1000000 }
`,
};

/** One letter to each lead, and nothing after it. */
export const onceFile: SourceFile = {
  path: 'once.yaml',
  text: `workflow: once
description: Greets a lead
owner: marketing@acme.example
enter:
  when: deal.stage enters "Lead"
  again: always
topic: marketing
steps:
  - id: hello
    send: hello
`,
};

export const greetingFile: SourceFile = {
  path: 'greeting.yaml',
  text: `workflow: greeting
description: Greets a lead and writes again after two days
owner: marketing@acme.example
enter:
  when: deal.stage enters "Lead"
  again: always
exit:
  - when: deal.stage leaves "Lead"
    outcome: moved-on
    goal: true
topic: marketing
steps:
  - id: hello
    send: hello
  - id: pause
    wait: 2d
  - id: again
    send: again
  - id: done
    exit: no-response
`,
};

/** As templates/ has them, in small. */
export const letters: readonly SourceFile[] = ['hello', 'again'].map((name) => ({
  path: `${name}.mjml`,
  text: `---
subject: ${name}, {{ contact.first_name | default: 'there' }}
preheader: A letter
topic: marketing
---
<mjml lang="en"><mj-head><mj-title>${name}</mj-title></mj-head><mj-body><mj-section><mj-column>
<mj-text>${name}, {{ contact.first_name | default: 'there' }}. <a href="{{ links.unsubscribe }}">Unsubscribe</a></mj-text>
</mj-column></mj-section></mj-body></mjml>
`,
}));

/** Compiled as in production; throws with every diagnostic where there is an error. */
export async function compileDefinitions(
  files: readonly SourceFile[],
  mails: readonly SourceFile[] = letters,
): Promise<{ readonly definitions: Definitions; readonly catalogue: Catalogue }> {
  const library = await compileTemplates(mails);
  const { catalogue, diagnostics } = readCatalogue(files, toSummaries(library.templates));
  const compiled = compile(
    files.filter(({ path }) => !isDeclaration(path)),
    steps,
    catalogue,
  );
  const found = [...diagnostics, ...compiled.diagnostics, ...library.diagnostics];
  const errors = found.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  const templates = library.templates.map((one) => ({ ...one, body: one as unknown as Json }));
  const declarations = catalogue as unknown as { readonly [name: string]: Json };
  return { definitions: { plans: compiled.plans, templates, declarations }, catalogue };
}

/** Compiles and applies, without asking who is under way. */
export async function useDefinitions(
  db: Db,
  now: number,
  files: readonly SourceFile[] = [pipelinesFile, greetingFile],
  mails: readonly SourceFile[] = letters,
): Promise<void> {
  const { definitions } = await compileDefinitions(files, mails);
  await applyDefinitions(db, definitions, now);
}

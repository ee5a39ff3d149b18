// The two versions that F8 applies in turn: a step removed, one renamed, one moved into a branch, one wait lengthened and
// one shortened. Whoever goes through either, or from one to the other, gets both letters once.
import type { SourceFile } from '../../engine/source.ts';
import { compileDefinitions, pipelinesFile } from '../harness/definitions.ts';

const head = `workflow: greeting
enter: { when: deal.stage enters "Lead" }
topic: marketing
steps:
  - { id: hello, send: hello }
`;
const tail = `  - { id: again, send: again }
  - { id: done, exit: no-response }
`;

const first = `${head}  - { id: old-digest, wait: 1d }
  - { id: promo, wait: 1d }
  - { id: rest, wait: 1d }
  - { id: longer, wait: 1d }
  - { id: pause, wait: 5d }
${tail}`;

const second = `${head}  - { id: digest-time, wait: 1d }
  - id: ask
    branch:
      - if: contact.consent.marketing
        steps: [{ id: rest, wait: 1d }]
      - else: []
  - { id: longer, wait: 3d }
  - { id: pause, wait: 3d }
${tail}renamed: { old-digest: digest-time }
removed: { promo: continue }
`;

const filesOf = (text: string): SourceFile[] => [pipelinesFile, { path: 'greeting.yaml', text }];

export async function compileVersions() {
  const [v1, v2] = await Promise.all([first, second].map((text) => compileDefinitions(filesOf(text))));
  if (v1 === undefined || v2 === undefined) throw new Error('a version did not compile');
  return { v1, v2 };
}

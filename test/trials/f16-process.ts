// Reads one hostile definition after another, as lint, fmt and --fix would, and says for each that it is still there. Judged
// by who started it: by its silence, its end, and the memory it was given.
import { compile } from '../../engine/compile.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import { printDiagnostics } from '../../engine/diagnostic.ts';
import { formatSource } from '../../engine/source-format.ts';
import { writeIds } from '../../engine/source-ids.ts';
import { compileTemplates } from '../../mail/library.ts';
import { steps } from '../../steps/index.ts';
import type { Hostile } from './f16-inputs.ts';

const verbs = steps.map(({ verb }) => verb);
const { catalogue } = readCatalogue([], {});

type Act = (hostile: Hostile) => unknown;

/** What is done with a definition, each by itself. */
const acts: { readonly [act: string]: Act } = {
  async lint({ kind, name, text }) {
    if (kind === 'template') return compileTemplates([{ path: 'x.en.mjml', text }], catalogue.facts);
    const file = { path: kind === 'declaration' ? name : 'x.yaml', text };
    const read = kind === 'declaration' ? readCatalogue([file], {}) : compile([file], steps, catalogue);
    return printDiagnostics(read.diagnostics, [file]);
  },
  fmt: ({ text }) => formatSource({ path: 'x.yaml', text }),
  fix: ({ text }) => writeIds({ path: 'x.yaml', text }, verbs),
};

process.on('message', async ({ hostile, act }: { hostile: Hostile; act: string }) => {
  const from = performance.now();
  await acts[act]?.(hostile);
  const isPolluted = 'polluted' in {} || Object.keys(Object.prototype).length > 0;
  process.send?.({ isPolluted, ms: performance.now() - from });
});
process.send?.('ready');

// MJML runs once for each template and locale, when they are applied, and never for a mail: counted over sends through the
// workers of production, in a process of their own, to contacts of two languages. The sink says how many went out.
import { countCompiles } from '../../mail/library-mjml.ts';
import { roles } from '../../workers/run.ts';
import { letters, onceFile, pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { startSink } from '../harness/sink.ts';
import { spawnWorker } from '../harness/worker-spawn.ts';
import type { Ground } from './ground.ts';
import { untilOver } from './judge.ts';
import { recordLeads } from './leads.ts';
import { defineTrial } from './trial.ts';

const longForm = { sends: 10_000 };

export interface CompileReport {
  readonly [figure: string]: unknown;
  readonly sends: number;
  /** Templates, each in two locales. */
  readonly bodies: number;
  readonly compiledByApply: number;
  readonly accepted: number;
  readonly inRussian: number;
  readonly compiledByWorkers: number;
}

const locales = ['en', 'ru'] as const;
const bilingual = letters.flatMap(({ path, text }) =>
  locales.map((locale) => ({
    path: path.replace('.mjml', `.${locale}.mjml`),
    text: text.replace('lang="en"', `lang="${locale}"`).replace('subject: ', `subject: [${locale}] `),
  })),
);

export async function runCompiles(ground: Ground, { sends }: typeof longForm): Promise<CompileReport> {
  const { db, databaseUrl, redisUrl } = ground;
  const before = countCompiles();
  await useDefinitions(db, 0, [pipelinesFile, onceFile], bilingual);
  const compiledByApply = countCompiles() - before;
  await recordLeads(db, sends, { locales });
  const sink = await startSink({ keepBodies: true });
  const worker = await spawnWorker({ databaseUrl, redisUrl, smtpUrl: sink.url, only: roles });
  try {
    await untilOver(db, sends, 600_000);
    const { compiles: compiledByWorkers } = await worker.stop();
    const { accepted } = sink;
    const inRussian = accepted.filter(({ raw }) => raw?.includes('\nSubject: [ru]') === true).length;
    return {
      sends,
      bodies: bilingual.length,
      compiledByApply,
      accepted: accepted.length,
      inRussian,
      compiledByWorkers,
    };
  } finally {
    await worker.kill();
    await sink.close();
  }
}

export const areCompilesMet = (report: CompileReport): boolean =>
  report.compiledByApply === report.bodies &&
  report.compiledByWorkers === 0 &&
  report.accepted === report.sends;

export const compiles = defineTrial({
  name: 'compiles',
  says: 'MJML runs once for each template and locale, when they are applied, and never while mail goes out',
  options: longForm,
  run: async (options, ground): Promise<CompileReport> => runCompiles(ground, options),
  isMet: areCompilesMet,
});

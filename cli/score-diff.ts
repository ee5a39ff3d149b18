// `voronka score diff`: who would cross which threshold if the scores were counted by another file, before it is applied.
// Every contact of the ledger is counted twice, from its log and its facts as they are; nothing is written.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Db } from '../db/connect.ts';
import { readIds } from '../db/rescans.ts';
import { readStates } from '../db/runs.ts';
import { readLogs } from '../db/scores.ts';
import { readCatalogue } from '../engine/declarations.ts';
import { hasErrors } from '../engine/diagnostic.ts';
import { link } from '../engine/link.ts';
import type { ContactState } from '../engine/reaction.ts';
import { foldEvents } from '../engine/score.ts';
import type { Scoring } from '../engine/scoring.ts';
import { crossedBetween, type Standing, standingAt } from '../engine/standing.ts';
import type { Happening } from '../engine/step.ts';
import { steps } from '../steps/index.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { readSources } from './definitions.ts';
import { withDeps } from './deps.ts';
import { findFolder, readText, type TextFile } from './folders.ts';
import { formats } from './formats.ts';
import { openLedger } from './ledger.ts';
import { complaint } from './streams.ts';

interface Options {
  readonly json?: boolean;
  readonly workflows?: string;
}
interface Crossing {
  readonly threshold: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

const batch = 1_000;
const shown = 10;

export const diff = defineCommand<Options>({
  summary: 'who would cross which threshold by other rules; nothing is written',
  example: 'voronka score diff scores-of-may.yaml workflows/scores.yaml',
  options: (command) =>
    command
      .argument('[old]', 'a file like scores.yaml; without it, what is applied')
      .argument('[new]', 'another; without it, the one in the folder')
      .option('--workflows <folder>', 'where the workflows are, whose facts the rules speak of')
      .option('--json', 'as JSON: every contact by its id'),
  run: (options, [old, other], streams) => {
    const config = readConfig(streams.env);
    const folder = findFolder(options.workflows ?? config.workflows, 'workflows');
    const after = scoringOf(folder, other ?? join(folder, 'scores.yaml'));
    const given = old === undefined ? null : scoringOf(folder, old);
    return withDeps(config, streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'score', { isGuest: true });
      const before = given ?? (await watchDefinitions(steps).program(db, [])).scoring;
      const counted = await compare(db, before, after, await clock.now(), (done) =>
        streams.err.isTTY ? streams.err.write(`\r${done} contacts counted`) : true,
      );
      if (streams.err.isTTY) streams.err.write('\r\u001b[K');
      streams.out.write(options.json ? `${JSON.stringify(counted, null, 2)}\n` : tell(counted));
      return 0;
    });
  },
});

/** The rules of a file, against the facts of a folder. */
function scoringOf(folder: string, path: string): Scoring {
  if (!existsSync(path)) throw complaint(2, `There is no file ${path}.`);
  const beside = readSources(folder, folder).workflows.filter(
    (file) => basename(file.path) !== 'scores.yaml',
  );
  const { text } = readText(path);
  const files: TextFile[] = [
    ...beside,
    { path: basename(path) === 'scores.yaml' ? path : 'scores.yaml', text },
  ];
  const { catalogue, diagnostics } = readCatalogue(files, {});
  if (hasErrors(diagnostics)) throw complaint(1, `${path}\n${formats.text?.(diagnostics, files) ?? ''}`);
  const { scoring } = link([], [], steps, catalogue);
  if (scoring === null) throw complaint(1, `${path} scores nothing.`);
  return scoring;
}

/** `before` null: nothing was scored, so nobody had reached anything. */
async function compare(
  db: Db,
  before: Scoring | null,
  after: Scoring,
  now: number,
  onProgress: (done: number) => unknown,
): Promise<{ readonly contacts: number; readonly crossings: readonly Crossing[] }> {
  const names = [...(before?.rules.thresholds ?? []), ...after.rules.thresholds].map(({ name }) => name);
  const crossings = new Map(
    [...new Set(names)].map((name) => [name, { up: [] as string[], down: [] as string[] }]),
  );
  let contacts = 0;
  for (let from = '0'; ; ) {
    const ids = await readIds(db, from, batch);
    if (ids.length === 0) break;
    const [states, logs] = [await readStates(db, ids), await readLogs(db, ids)];
    for (const state of states) {
      const log = logs.get(state.contactId) ?? [];
      const was = before === null ? nothing : standingOf(before, state, log, now);
      const { up, down } = crossedBetween(was, standingOf(after, state, log, now));
      for (const name of up) crossings.get(name)?.up.push(String(state.contact.id));
      for (const name of down) crossings.get(name)?.down.push(String(state.contact.id));
    }
    contacts += ids.length;
    from = ids.at(-1) ?? from;
    onProgress(contacts);
  }
  return { contacts, crossings: [...crossings].map(([threshold, one]) => ({ threshold, ...one })) };
}

const nothing: Standing = { fit: 0, engagement: 0, total: 0, grade: null, reached: [] };

function standingOf(scoring: Scoring, state: ContactState, log: readonly Happening[], now: number): Standing {
  const { rules, hears } = scoring;
  const past = log.filter(({ at }) => at <= now);
  const { state: folded } = foldEvents(rules.engagement, {}, past, hears);
  return standingAt(rules, scoring.fit(state.contact, state.deals, now), folded, now);
}

function tell({ contacts, crossings }: { contacts: number; crossings: readonly Crossing[] }): string {
  const some = (ids: readonly string[]) =>
    `${ids.slice(0, shown).join(', ')}${ids.length > shown ? ` and ${ids.length - shown} more` : ''}`;
  const lines = crossings.flatMap(({ threshold, up, down }) => [
    ...(up.length > 0 ? [`${up.length} would reach ${threshold}: ${some(up)}`] : []),
    ...(down.length > 0 ? [`${down.length} would drop below ${threshold}: ${some(down)}`] : []),
  ]);
  const said = lines.length > 0 ? lines : ['Nobody would cross a threshold.'];
  return `${[`Of ${contacts} contacts:`, ...said].join('\n')}\n`;
}

// `voronka import deals|contacts|events FILE --map MAP.yaml`: the history of another system into the ledger. It says what
// it would do until `--apply` is given; what is imported starts no workflow until `--enter` is.
import { existsSync } from 'node:fs';
import { steps } from '../steps/index.ts';
import { declaredIn } from '../web/event-batch.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { type Command, defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { type Deps, withDeps } from './deps.ts';
import { openList } from './import/lists.ts';
import type { ImportMap } from './import/map.ts';
import { checkColumns, readMap } from './import/map-file.ts';
import { readRows } from './import/read.ts';
import { importRows } from './import/run.ts';
import { summarize, tell } from './import/tell.ts';
import { openLedger } from './ledger.ts';
import { openSecrets } from './secret.ts';
import { complaint, type ExitCode } from './streams.ts';

interface Options {
  readonly map: string;
  readonly apply?: boolean;
  readonly enter?: boolean;
  readonly rejects?: string;
  readonly untidy?: string;
  readonly json?: boolean;
}
type Kind = ImportMap['import'];

const importing = (kind: Kind, summary: string): Command =>
  defineCommand<Options>({
    summary,
    example: `voronka import ${kind} ${kind}.csv --map ${kind}-map.yaml --rejects rejects.csv`,
    options: (command) =>
      command
        .argument('<file>', 'CSV, or NDJSON where its name ends in .ndjson')
        .requiredOption('--map <file>', 'which column is what; the README has an example')
        .option('--apply', 'write; without it, only say what would be written')
        .option('--enter', 'let what is imported start workflows, as if it happened now')
        .option('--rejects <file>', 'the rows that are refused, each with its reasons')
        .option('--untidy <file>', 'the rows that are taken although something is odd, each with its reasons')
        .option('--json', 'as JSON'),
    run: (options, [file = ''], streams) => {
      for (const path of [file, options.map])
        if (!existsSync(path)) throw complaint(2, `There is no file ${path}.`);
      return withDeps(readConfig(streams.env), streams, (deps) => run(deps, kind, file, options));
    },
  });

async function run(deps: Deps, kind: Kind, file: string, options: Options): Promise<ExitCode> {
  const { config, streams, closings } = deps;
  const { db, clock } = await openLedger(deps, 'import', { isGuest: true });
  const { catalogue } = await watchDefinitions(steps).program(db, []);
  if (catalogue.pipelines.length === 0)
    throw complaint(1, 'No pipelines are applied, so that no stage is known: run `voronka apply` first.');
  const map = readMap(options.map, kind, catalogue);
  const [rejects, untidy] = [openList(options.rejects, true), openList(options.untidy, false)];
  closings.add('lists', () => Promise.all([rejects.close(), untidy.close()]));
  const { hashAddress } = await openSecrets(config, db);
  const { tally, stoppedAt } = await importRows({
    db,
    map,
    catalogue,
    rows: readRows(file, (header) => checkColumns(map, header, file)),
    options: {
      now: await clock.now(),
      hash: hashAddress,
      ...declaredIn(catalogue),
      isHistory: !options.enter,
    },
    isRehearsal: !options.apply,
    rejects,
    untidy,
    isStopping: () => streams.stop.aborted,
    onProgress: (rows) => streams.err.isTTY && streams.err.write(`\r${rows.toLocaleString('en')} rows`),
  });
  if (streams.err.isTTY) streams.err.write('\r\u001b[K');
  const imported = summarize(tally, catalogue.pipelines, { applied: options.apply === true, stoppedAt });
  const again = [
    'voronka import',
    kind,
    file,
    '--map',
    options.map,
    '--apply',
    ...(options.enter ? ['--enter'] : []),
  ];
  streams.out.write(
    options.json ? `${JSON.stringify(imported, null, 2)}\n` : tell(imported, again.join(' ')),
  );
  return tally.refused > 0 || stoppedAt !== null ? 1 : 0;
}

export const importHistory = defineCommand({
  summary: 'bring the history of another system into the ledger: deals, contacts, events',
  example: 'voronka import deals deals.csv --map deals-map.yaml',
  commands: {
    deals: importing('deals', 'a row a deal: the stages that it reached, and when'),
    contacts: importing('contacts', 'a row a contact: its fields and consents'),
    events: importing('events', 'a row an event: what happened, to whom, and when'),
  },
});

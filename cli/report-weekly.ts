// `voronka report weekly`: who gets the weekly mail of reports, and what it looks like before it goes out.
import { reportNames } from '../engine/report-names.ts';
import { steps } from '../steps/index.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { askReports, writePreview, writeReport } from './report/weekly.ts';
import { openSecrets } from './secret.ts';
import { complaint } from './streams.ts';

interface Options {
  readonly to?: string;
  readonly stop?: string;
  readonly preview?: string;
  readonly reports?: string;
  readonly locale?: string;
}

const usual = 'funnel,stages,forecast,nps';

export const weekly = defineCommand<Options>({
  summary: 'who gets the weekly mail of reports, and what it looks like',
  example: 'voronka report weekly --to olga',
  options: (command) =>
    command
      .option('--to <person>', 'mail it to this person of teams.yaml every Monday from now on')
      .option('--stop <person>', 'mail it to them no more')
      .option('--preview <file>', 'write it as it would look now, mailing nobody')
      .option('--reports <names>', 'which are in the preview', usual)
      .option('--locale <locale>', 'the language of the preview', 'en'),
  run: (options, _args, streams) => {
    const { to, stop, preview, reports = usual, locale = 'en' } = options;
    const [person, ...more] = [to, stop, preview].filter((one) => one !== undefined);
    if (person === undefined || more.length > 0)
      throw complaint(2, 'Say one of --to <person>, --stop <person> and --preview <file>.');
    const names = reports.split(',').map((name) => name.trim());
    const wrong = names.find((name) => !reportNames.some((one) => one === name));
    if (wrong !== undefined)
      throw complaint(2, `--reports takes some of ${reportNames.join(',')}, and not "${wrong}".`);
    const config = readConfig(streams.env);
    return withDeps(config, streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'report', { isGuest: true });
      const program = await watchDefinitions(steps).program(db, []);
      const now = await clock.now();
      if (preview !== undefined) {
        const written = await writeReport(db, program, { reports: names, locale, now });
        writePreview(written, preview);
        streams.out.write(written.text);
        streams.err.write(`Written to ${preview}.\n`);
        return 0;
      }
      const { hashAddress: hash } = await openSecrets(config, db);
      const is = stop === undefined ? 'asked' : 'declined';
      const name = await askReports(db, program.catalogue, { person, is, now, hash });
      streams.out.write(
        is === 'asked'
          ? `${name} gets the reports by mail every Monday from now on, as workflows/weekly-report.yaml says.\n`
          : `${name} gets the reports by mail no more.\n`,
      );
      return 0;
    });
  },
});

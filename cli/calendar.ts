// `voronka calendar generate RU 2027`: a country's public holidays as a plain file of calendars/, for other calendars to
// include. The data is the date-holidays package's (CC BY 3.0), which nothing else loads; the same package writes the
// same file. A file that says something else is not written over unless it is asked for.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { calendarDays, type Holiday, lawOf, writeCalendar } from '../engine/holidays.ts';
import { suggest } from '../engine/spelling.ts';
import { parseSpans } from '../engine/weekday.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { complaint, type ExitCode, type Streams } from './streams.ts';

interface Options {
  readonly out?: string;
  readonly hours: string;
  readonly force?: boolean;
}

const generate = defineCommand<Options>({
  summary: 'write the public holidays of a country and year as a calendar',
  example: 'voronka calendar generate RU 2027',
  options: (command) =>
    command
      .argument('<country>', 'ISO 3166: RU, DE, US, GB, or a part of it: DE-BY')
      .argument('<year>', 'from 2000 to 2100')
      .option(
        '--out <file>',
        'where to write it; `-`: to the terminal (default: calendars/ of the workflows)',
      )
      .option('--hours <span>', 'the usual working day, for half days', '09:00-18:00')
      .option('--force', 'write over a file that says something else'),
  run: async (options, [place = '', year = ''], streams) => {
    if (!/^2(0\d\d|100)$/.test(year)) throw complaint(2, `${year} is no year from 2000 to 2100.`);
    const [span] = parseSpans(options.hours) ?? [];
    if (span === undefined) throw complaint(2, `--hours ${options.hours} are no hours: write 09:00-18:00.`);
    const { holidays, version } = await readHolidays(place.toUpperCase(), Number(year));
    const [country = ''] = place.toUpperCase().split('-');
    const days = calendarDays(holidays, Number(year), country, { opens: span[0], closes: span[1] });
    const name = `${place.toLowerCase()}-${year}`;
    const heading = [
      `Public holidays of ${place.toUpperCase()} in ${year}: voronka calendar generate ${place.toUpperCase()} ${year}`,
      `Data: date-holidays ${version}, CC BY 3.0.`,
      ...lawOf(country).notCovered,
      `To have them closed, a calendar with hours says: include: [${name}]`,
    ];
    const text = writeCalendar(name, heading, days);
    const folder = readConfig(streams.env).workflows;
    return put(options.out ?? join(folder, 'calendars', `${name}.yaml`), text, options, streams);
  },
});

export const calendar = defineCommand({
  summary: 'make files of holidays for calendars/',
  example: 'voronka calendar generate RU 2027',
  commands: { generate },
});

function put(file: string, text: string, { force }: Options, { out, err }: Streams): ExitCode {
  if (file === '-') {
    out.write(text);
    return 0;
  }
  if (existsSync(file)) {
    if (readFileSync(file, 'utf8') === text) {
      err.write(`${file} says so already.\n`);
      return 0;
    }
    if (!force) throw complaint(1, `${file} is there and says something else: --force writes over it.`);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  err.write(`Wrote ${file}.\n`);
  return 0;
}

async function readHolidays(place: string, year: number): Promise<{ holidays: Holiday[]; version: string }> {
  const { default: Holidays } = await loadData();
  const { version } = createRequire(import.meta.url)('date-holidays/package.json');
  const [country = '', region] = place.split('-');
  const all = new Holidays();
  const countries = Object.keys(all.getCountries());
  if (!countries.includes(country))
    throw complaint(2, `There is no country ${country}; ${suggest(country, countries)}`);
  const regions = Object.keys(all.getStates(country) ?? {});
  if (region !== undefined && !regions.includes(region))
    throw complaint(2, `${country} has no part ${region}; ${suggest(region, regions) ?? 'none is known'}`);
  const found = region === undefined ? new Holidays(country) : new Holidays(country, region);
  return { version, holidays: [year, year + 1].flatMap((each) => inYear(found, each)) };
}

interface Data {
  getHolidays(year: number): readonly {
    readonly date: string;
    readonly type: string;
    readonly name: string;
    readonly start: Date;
    readonly end: Date;
  }[];
}

/** The year after is read too: the last day of this one may be the day before a holiday. */
function inYear(data: Data, year: number): Holiday[] {
  return data
    .getHolidays(year)
    .filter(({ type }) => type === 'public' || type === 'bank')
    .map(({ date, name, start, end }) => {
      const [on = '', time = '00:00'] = date.split(' ');
      const [hours = 0, minutes = 0] = time.split(':').map(Number);
      const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
      return { date: on, days, fromMinutes: hours * 60 + minutes, name };
    });
}

async function loadData() {
  try {
    return await import('date-holidays');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      throw complaint(2, 'The package date-holidays is not installed: npm i date-holidays');
    throw error;
  }
}

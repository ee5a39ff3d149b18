// The weekly mail of reports: what is in it, and who gets it. Readers are people of teams.yaml who were named; each is a
// contact of the ledger of their own, who enters the workflow that hears `report.asked` and waits for Mondays.
import { writeFileSync } from 'node:fs';
import type { Db } from '../../db/connect.ts';
import { record } from '../../db/events.ts';
import { readCurrencies } from '../../db/reports-deals.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import { type ReportName, reportNames } from '../../engine/report-names.ts';
import { suggest } from '../../engine/spelling.ts';
import type { WrittenReport } from '../../mail/report-letter.ts';
import type { ReportWriter } from '../../workers/work.ts';
import { complaint } from '../streams.ts';
import { makeReports } from './all.ts';
import { layGround } from './ground.ts';
import { writeLetter } from './letter.ts';
import type { Report } from './report.ts';
import { wordsOrEnglish } from './words.ts';

/** Those that are not of one pipeline and one currency stand in the mail once. */
const ofAll: readonly string[] = ['nps', 'workflows'] satisfies ReportName[];

/** As it stands now. A pipeline, and a currency of it, has its own figures. */
export const writeReport: ReportWriter = async (db, { catalogue }, { reports, locale, now }) => {
  const tell = wordsOrEnglish(locale);
  const names = reports
    .map((name) => reportNames.find((one) => one === name))
    .filter((one) => one !== undefined);
  const made: Report[] = [];
  for (const [i, { pipeline, currency }] of (await groundsOf(db, catalogue)).entries()) {
    const options = { pipeline, locale: tell.lang, ...(currency === null ? {} : { currency }) };
    const ground = await layGround(db, catalogue, options, now);
    const wanted = names.filter((name) => i === 0 || !ofAll.includes(name));
    made.push(...(await makeReports(ground, wanted)));
  }
  return writeLetter(made, tell);
};

async function groundsOf(db: Db, { pipelines }: Catalogue) {
  const grounds = pipelines.map(async ({ name }) => {
    const currencies = await readCurrencies(db, name);
    const asked = currencies.length > 1 ? currencies : [null];
    return asked.map((currency) => ({ pipeline: name, currency }));
  });
  return (await Promise.all(grounds)).flat();
}

export interface Asking {
  readonly person: string;
  readonly is: 'asked' | 'declined';
  readonly now: number;
  hash(address: string): Buffer;
}

/** Puts a person of teams.yaml into the workflow, or takes them out of it. Answers how they are called. */
export async function askReports(db: Db, catalogue: Catalogue, asking: Asking): Promise<string> {
  const { person, is, now, hash } = asking;
  const known = catalogue.people[person];
  if (known === undefined) {
    const hint =
      suggest(person, Object.keys(catalogue.people)) ?? 'write people into teams.yaml and apply it';
    throw complaint(2, `${person} is nobody of teams.yaml: ${hint}`);
  }
  if (known.email === null) throw complaint(2, `${person} has no email in teams.yaml.`);
  const contact = {
    id: `reader:${person}`,
    email: known.email,
    first_name: known.name,
    locale: known.locale ?? 'en',
    timezone: known.zone ?? catalogue.zone,
  };
  const id = `report:${person}:${is}:${now}`;
  await record(db, [{ id, type: `report.${is}`, at: now, contact }], {
    now,
    hash,
    pipelines: catalogue.pipelines,
  });
  return known.name;
}

/** As a file that a browser opens: the pictures stand in it. */
export function writePreview({ html, pictures }: WrittenReport, file: string): void {
  const shown = pictures.reduce(
    (page, { cid, png }) =>
      page.replaceAll(`cid:${cid}"`, `data:image/png;base64,${png.toString('base64')}"`),
    html,
  );
  writeFileSync(file, shown);
}

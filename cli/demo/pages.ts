// The season's report as a page that stands alone: all that `voronka report` can say, written where it outlives the demo.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Db } from '../../db/connect.ts';
import { readCurrencies } from '../../db/reports-deals.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import { makeReports } from '../report/all.ts';
import { layGround } from '../report/ground.ts';
import { toPage } from '../report/page.ts';

const names = { en: 'report.html', ru: 'report.ru.html' };

/** Of the first pipeline, in the first of its currencies. Answers the files' absolute paths; none without a pipeline. */
export async function writeReport(
  db: Db,
  catalogue: Catalogue,
  now: number,
  folder: string,
): Promise<string[]> {
  const pipeline = catalogue.pipelines[0]?.name;
  if (pipeline === undefined) return [];
  const [currency] = await readCurrencies(db, pipeline);
  const asked = { pipeline, ...(currency === undefined ? {} : { currency }) };
  await mkdir(resolve(folder), { recursive: true });
  const paths: string[] = [];
  for (const [locale, name] of Object.entries(names)) {
    const ground = await layGround(db, catalogue, { ...asked, locale }, now);
    paths.push(join(resolve(folder), name));
    await writeFile(join(resolve(folder), name), toPage(await makeReports(ground), ground.tell));
  }
  return paths;
}

// What a report stands on: the pipeline, the period and the cut that were asked for, and the deals in them. Everything
// that is asked wrongly is said before anything is read.
import type { Db } from '../../db/connect.ts';
import { readBeginning, readCurrencies } from '../../db/reports-deals.ts';
import type { Cut, WayOptions } from '../../db/reports-ways.ts';
import type { Catalogue, Pipeline } from '../../engine/catalogue.ts';
import { suggest } from '../../engine/spelling.ts';
import { complaint } from '../streams.ts';
import { readPeriod } from './period.ts';
import type { ReportWords } from './wording.ts';
import { reportWords } from './words.ts';

export interface ReportOptions {
  readonly period?: string;
  readonly by?: string;
  readonly at?: string;
  readonly pipeline?: string;
  readonly currency?: string;
  readonly locale?: string;
}

export interface Ground {
  readonly db: Db;
  readonly catalogue: Catalogue;
  readonly pipeline: Pipeline;
  readonly from: number;
  readonly until: number;
  /** Nothing after it has happened. */
  readonly at: number;
  readonly about: string;
  /** The part of it that a report without a pipeline tells. */
  readonly period: string;
  /** Of the amounts; null: none is said. */
  readonly currency: string | null;
  /** The language of whoever reads it. */
  readonly tell: ReportWords;
  /** Which deals the ledger is asked for. */
  readonly ways: WayOptions;
  /** null: no deal ever began. */
  beganAt(): Promise<number | null>;
}

export async function layGround(
  db: Db,
  catalogue: Catalogue,
  options: ReportOptions,
  now: number,
): Promise<Ground> {
  const tell = reportWords(options.locale);
  const pipeline = findPipeline(catalogue.pipelines, options.pipeline);
  const at = options.at === undefined ? now : readPeriod(options.at, now).until - 1;
  const { from, until } = readPeriod(options.period ?? 'all', at);
  const by = readCut(options.by, catalogue);
  const currencies = await readCurrencies(db, pipeline.name);
  const currency = options.currency ?? null;
  if (currency === null && currencies.length > 1)
    throw complaint(2, `The deals are priced in ${currencies.join(', ')}: say which with --currency.`);
  const isAll = (options.period ?? 'all') === 'all';
  const day = tell.about.asOf(tell.day(at));
  const about = [
    pipeline.name,
    isAll ? tell.about.all : tell.about.begun(options.period ?? ''),
    day,
    ...(currency === null && currencies[0] === undefined
      ? []
      : [tell.about.currency(currency ?? currencies[0] ?? '')]),
  ].join(', ');
  return {
    db,
    catalogue,
    pipeline,
    from,
    until,
    at,
    about,
    tell,
    period: isAll ? day : `${options.period}, ${day}`,
    currency: currency ?? currencies[0] ?? null,
    ways: { pipeline, from, until, at, by, currency },
    beganAt: () => readBeginning(db, pipeline.name),
  };
}

function findPipeline(pipelines: readonly Pipeline[], name: string | undefined): Pipeline {
  const names = pipelines.map((one) => one.name);
  const found = name === undefined ? pipelines[0] : pipelines.find((one) => one.name === name);
  if (found === undefined)
    throw complaint(
      names.length === 0 ? 1 : 2,
      names.length === 0
        ? 'No pipelines are applied: run `voronka apply` first.'
        : `${name} is no pipeline: ${suggest(name ?? '', names)}`,
    );
  if (name === undefined && pipelines.length > 1)
    throw complaint(2, `There are several pipelines: say which with --pipeline: ${names.join(', ')}.`);
  return found;
}

const plain = ['owner', 'month', 'quarter', 'year'] as const;

function readCut(by: string | undefined, { facts }: Catalogue): Cut {
  if (by === undefined) return { is: 'all' };
  const simple = plain.find((one) => one === by || `deal.${one}` === by);
  if (simple !== undefined) return { is: simple };
  const [owner = '', field = ''] = by.split('.');
  const fields = (['deal', 'contact'] as const).flatMap((one) =>
    Object.entries(facts[one]).flatMap(([name, type]) =>
      typeof type === 'string' ? [`${one}.${name}`] : [],
    ),
  );
  if ((owner === 'deal' || owner === 'contact') && fields.includes(by)) return { is: owner, field };
  throw complaint(2, `--by ${by} is nothing to group by: ${suggest(by, [...plain, ...fields]) ?? ''}`);
}

// What a demo plays: a season made from a seed, or a history from a file.
import { readFile } from 'node:fs/promises';
import type { Catalogue } from '../../engine/catalogue.ts';
import { complaint } from '../streams.ts';
import { readHistory } from './history.ts';
import type { Person } from './people.ts';
import type { Cue } from './play.ts';
import { type ApiEvent, generateSeason } from './season.ts';

export interface ScriptOptions {
  readonly events?: string;
  readonly seed: string;
  readonly days?: string;
  readonly leads?: string;
  readonly before?: string;
}

export interface Script {
  readonly startAt: number;
  readonly endAt: number;
  /** What was before: recorded as history, so that nobody enters a workflow by it. */
  readonly past: readonly ApiEvent[];
  readonly cues: readonly Cue[];
  /** Who answers mails; nobody in a history. */
  readonly people: readonly Person[];
}

/** A Monday. */
const seasonStartAt = Date.UTC(2026, 0, 12);
const dayMs = 86_400_000;
/** Long enough for the longest wait that the shipped workflows have but for anniversaries: win-back, after 92 days. */
const seasonDays = '112';
const seasonLeads = '190';
const seasonBefore = '330';

export async function writeScript(options: ScriptOptions, catalogue: Catalogue): Promise<Script> {
  if (options.events !== undefined) {
    const cues = readHistory(options.events, await readFile(options.events, 'utf8'));
    const startAt = cues[0]?.at ?? 0;
    const endAt = (cues.at(-1)?.at ?? startAt) + count('--days', options.days ?? '0') * dayMs;
    return { startAt, endAt, past: [], cues, people: [] };
  }
  const pipeline = catalogue.pipelines[0];
  if (pipeline === undefined)
    throw complaint(1, 'pipelines.yaml declares no pipeline, so there is no funnel to play.');
  const season = generateSeason({
    seed: options.seed,
    pipeline,
    facts: catalogue.facts,
    startAt: seasonStartAt,
    days: count('--days', options.days ?? seasonDays),
    leads: count('--leads', options.leads ?? seasonLeads),
    before: count('--before', options.before ?? seasonBefore),
  });
  return { ...season, cues: season.events.map((event) => ({ at: Date.parse(event.at), event })) };
}

function count(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw complaint(2, `${option} takes a whole number, not "${text}"`);
}

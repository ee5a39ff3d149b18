// `voronka score explain <contact>`: every point of a contact's score, with the event it comes from, its age, and what time
// and the cap have left of it. Folded from the log by the fold that keeps the running score, so the lines add up to it.
import Table from 'cli-table3';
import { valuesOf } from '../analysis/deal-values.ts';
import { type Prediction, predictWin } from '../analysis/predict.ts';
import { findContact } from '../db/contacts.ts';
import { readModel } from '../db/models.ts';
import { readStates } from '../db/runs.ts';
import { readLogs } from '../db/scores.ts';
import { tellDuration } from '../engine/duration.ts';
import type { ContactState } from '../engine/reaction.ts';
import { foldEvents } from '../engine/score.ts';
import { type EngagementLine, explainEngagement, explainFit, type FitLine } from '../engine/score-explain.ts';
import type { Scoring } from '../engine/scoring.ts';
import { nextThreshold, type Standing, standingAt } from '../engine/standing.ts';
import type { Happening } from '../engine/step.ts';
import { steps } from '../steps/index.ts';
import { type LearntModel, watchDefinitions } from '../workers/definitions.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { complaint } from './streams.ts';
import { plainTable } from './tables.ts';

interface Explained {
  readonly contact: string;
  readonly at: number;
  readonly standing: Standing;
  readonly fit: readonly FitLine[];
  /** The latest first; `because` of those that a step gave. */
  readonly engagement: readonly (EngagementLine & { readonly because: string | null })[];
  /** For each deal, what was learnt from others says; the strongest parts first, in log-odds. */
  readonly predicted: readonly (Prediction & { readonly deal: string })[];
  /** What time alone changes next; null: nothing. */
  readonly next: { readonly threshold: string; readonly at: number; readonly isUp: boolean } | null;
}

export const explain = defineCommand<{ readonly json?: boolean }>({
  summary: 'every point of a contact’s score: from which event, how old, and what is left of it',
  example: 'voronka score explain c-17',
  options: (command) =>
    command.argument('<contact>', "the customer's own id of it").option('--json', 'as JSON'),
  run: ({ json }, [key = ''], streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'score', { isGuest: true });
      const contact = await findContact(db, key);
      if (contact === null)
        throw complaint(1, `There is no contact "${key}". A contact is made by its first event.`);
      const { scoring } = await watchDefinitions(steps).program(db, []);
      if (scoring === null)
        throw complaint(1, 'Nothing is scored: write scores.yaml beside the workflows, and apply it.');
      const [state] = await readStates(db, [contact.id]);
      if (state === undefined) throw new Error(`contact ${contact.id} went while it was read`);
      const log = (await readLogs(db, [contact.id])).get(contact.id) ?? [];
      const learnt = (await readModel(db, 'win'))?.body as unknown as LearntModel | undefined;
      const predicted = learnt === undefined ? [] : predictAll(learnt, state);
      const explained = { ...explainScore(key, scoring, { state, log }, await clock.now()), predicted };
      streams.out.write(json ? `${JSON.stringify(explained, null, 2)}\n` : tell(explained));
      return 0;
    }),
});

function explainScore(
  contact: string,
  scoring: Scoring,
  { state, log }: { readonly state: ContactState; readonly log: readonly Happening[] },
  at: number,
): Omit<Explained, 'predicted'> {
  const { rules, hears } = scoring;
  const facts = scoring.factsOf(state.contact, state.deals);
  const fit = explainFit(rules.fit, (condition) => scoring.test(condition, facts, at));
  const points = fit.reduce((sum, line) => sum + line.points, 0);
  const past = log.filter((event) => event.at <= at);
  const folded = foldEvents(rules.engagement, {}, past, hears).state;
  const reasons = new Map(past.map(({ id, data }) => [id, data.because]));
  const next = nextThreshold(rules, points, folded, at);
  return {
    contact,
    at,
    standing: standingAt(rules, points, folded, at),
    fit,
    engagement: explainEngagement(rules.engagement, past, at, hears)
      .map((line) => ({ ...line, because: (reasons.get(line.eventId) as string | undefined) ?? null }))
      .reverse(),
    next: next && { threshold: next.threshold.name, at: next.at, isUp: next.isUp },
  };
}

function predictAll(
  { model, fields }: LearntModel,
  { contact, deals }: ContactState,
): Explained['predicted'] {
  return Object.values(deals).map((deal) => ({
    deal: String(deal.id),
    ...predictWin(model, valuesOf(fields, { contact, deal })),
  }));
}

function tell({ contact, standing, fit, engagement, next, predicted }: Explained): string {
  const { total, grade, reached } = standing;
  const stands = [grade, ...reached].filter((one) => one !== null).join(', ');
  const ahead =
    next === null
      ? ''
      : `In time alone it ${next.isUp ? 'reaches' : 'drops below'} ${next.threshold} at ${moment(next.at)}.\n`;
  const fits = fit.map((line): [string, string, string] => [signed(line.points), line.rule, line.condition]);
  const done = engagement.map((line) => [
    signed(line.now),
    line.rule,
    `${line.because ?? line.type}, ${age(line.ageMs)} ago`,
    `${signed(line.credited)}${line.credited === line.points ? '' : ` of ${signed(line.points)}: the cap`}`,
    `${Math.round(line.left * 100)}% left`,
  ]);
  return [
    `${contact}: ${round(total)} points${stands === '' ? '' : `, ${stands}`}`,
    `\nFit ${round(standing.fit)}`,
    tableOf(fits),
    `\nEngagement ${round(standing.engagement)}`,
    done.length === 0 ? '  nothing that counts has happened' : tableOf(done),
    `\n${ahead}${predicted.map(tellPrediction).join('')}`,
  ].join('\n');
}

function tellPrediction({ deal, chance, average, parts }: Explained['predicted'][number]): string {
  const share = (one: number) => `${(100 * one).toFixed(0)}%`;
  const why = parts
    .slice(0, 5)
    .map(({ field, value, logOdds }): [string, string, string] => [
      `${logOdds < 0 ? '' : '+'}${logOdds.toFixed(2)}`,
      field,
      value === null ? 'not known' : String(value),
    ]);
  return `\nDeal ${deal}: won with a chance of ${share(chance)}, where the average is ${share(average)}\n${tableOf(why)}\n`;
}

function tableOf(rows: readonly string[][]): string {
  const table = new Table({ ...plainTable });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

const round = (points: number) => String(Math.round(points * 10) / 10);
const signed = (points: number) => (points > 0 ? `+${round(points)}` : round(points));
const moment = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** In whole days, or hours where it is less than two. */
function age(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  return tellDuration(hours < 48 ? `PT${hours}H` : `P${Math.floor(hours / 24)}D`);
}

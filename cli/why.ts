// `voronka why <contact>`: what the contact's page tells, in the terminal: its way through each workflow with the reason for
// every move, what became of its mails, and why it is not in the other workflows.
import { type ContactPast, type KnownDelivery, type KnownRun, readContactPast } from '../db/why.ts';
import type { Absence } from '../engine/why-not.ts';
import { steps } from '../steps/index.ts';
import { readAbsences } from '../web/absences.ts';
import { askedAt, tellHit, tellReason, tellSuppression } from '../web/told.ts';
import { watchDefinitions } from '../workers/definitions.ts';
import { defineCommand } from './command.ts';
import { readConfig } from './config.ts';
import { withDeps } from './deps.ts';
import { openLedger } from './ledger.ts';
import { complaint } from './streams.ts';
import { moment } from './tables.ts';

export const why = defineCommand<{ readonly json?: boolean }>({
  summary: 'why a contact got what it got, and why it is not in the other workflows',
  example: 'voronka why c-17',
  options: (command) =>
    command.argument('<contact>', "the customer's own id of it").option('--json', 'as JSON'),
  run: ({ json }, [key = ''], streams) =>
    withDeps(readConfig(streams.env), streams, async (deps) => {
      const { db, clock } = await openLedger(deps, 'why', { isGuest: true });
      const past = await readContactPast(db, key);
      if (past === null)
        throw complaint(1, `There is no contact "${key}". A contact is made by its first event.`);
      const definitions = watchDefinitions(steps);
      const absences = await readAbsences(
        db,
        (pinned) => definitions.program(db, pinned),
        past.contact.id,
        await clock.now(),
      );
      streams.out.write(json ? `${JSON.stringify({ ...past, absences }, null, 2)}\n` : tell(past, absences));
      return 0;
    }),
});

function tell(
  { contact, runs, deliveries, suppressions }: ContactPast,
  absences: readonly Absence[],
): string {
  const lines = [
    ...(contact.parkedWhy === null ? [] : [`Parked: ${contact.parkedWhy}`, '']),
    ...suppressions.map(
      ({ topic, reason, at }) =>
        `Suppressed for ${topic === '*' ? 'every mail' : topic}: ${tellSuppression(reason)}, ${moment(at)}`,
    ),
    ...runs.flatMap(tellRun),
    ...(deliveries.length === 0
      ? []
      : ['Mails and other deliveries', ...deliveries.flatMap(tellDelivery), '']),
    ...(absences.length === 0 ? [] : ['Not in, as the facts stand now']),
    ...absences.map((one) => `  ${one.workflow}: ${one.why}`),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function tellRun({ workflow, deal, node, wakeAt, outcome, goal, endedAt, lines }: KnownRun): string[] {
  const about = deal === null ? '' : `, deal ${deal}`;
  const until = wakeAt === null ? '' : ` until ${moment(wakeAt)}`;
  const where = endedAt === null ? `at ${node}${until}` : `${goal ? 'goal' : 'left'}: ${outcome}`;
  return [
    `${workflow}${about}: ${where}`,
    ...lines.map(
      (line) => `  ${moment(line.at)}  ${[line.what, line.node].filter(Boolean).join(' ')}: ${line.why}`,
    ),
    '',
  ];
}

function tellDelivery(one: KnownDelivery): string[] {
  const { settledAt, dueAt, workflow, node, state, hits } = one;
  const because = tellReason(one);
  const asked = askedAt(one);
  return [
    `  ${moment(settledAt ?? dueAt)}  ${workflow} / ${node}: ${state}${because === null ? '' : `, ${because}`}${
      asked === null ? '' : ` (asked for ${moment(asked)})`
    }`,
    ...hits.map((hit) => `    ${moment(hit.at)}  ${tellHit(hit)}`),
  ];
}

// What an erasure takes, what it leaves and what it cannot reach, in lines for whoever has to confirm it or to answer for
// it: the command's output and the API's answer. Pure.
import type { Traces } from '../db/erasure-counts.ts';

export interface Told {
  /** By what it is of. */
  readonly goes: Lines;
  readonly stays: Lines;
  /** What has left, and what this program does not hold. */
  readonly beyond: readonly string[];
}
type Lines = { readonly [what: string]: string };

export function tellErasure(traces: Traces): Told {
  return {
    goes: kept({
      contact: `its id, ${traces.hasAddress ? 'address, ' : ''}names and own fields, consent${traces.isScored ? ', score' : ''}`,
      deals: some(traces.deals, 'deal', 'title, own fields and id'),
      events: some(traces.events, 'event', 'whole'),
      runs: some(
        traces.runs,
        'run',
        `memory and reasons${traces.openRuns > 0 ? `; ${traces.openRuns} under way, which ${traces.openRuns === 1 ? 'ends' : 'end'} as erased` : ''}`,
      ),
      deliveries: some(
        traces.deliveries,
        'mail or other delivery',
        `contents and the server's words${traces.unsent > 0 ? `; ${traces.unsent} not sent yet, cancelled` : ''}`,
        'mails and other deliveries',
      ),
      hits: some(traces.hits, 'open or click', 'by what program', 'opens and clicks'),
      tasks: some(
        traces.tasks,
        'task',
        `title, notes and history${traces.openTasks > 0 ? `; ${traces.openTasks} open, cancelled` : ''}`,
      ),
      comments: some(traces.comments, 'comment', 'whole'),
    }),
    stays: kept({
      statistics:
        traces.deals + traces.runs + traces.deliveries + traces.answers === 0
          ? null
          : 'stages, dates, amounts and owners of deals, steps of runs, states of mails, scores of surveys: under a number that leads to nobody',
      consent: some(
        traces.consents,
        'entry of the consent log',
        'as proof: under the keyed hash of the address; voronka consent show --address finds it',
        'entries of the consent log',
      ),
      suppression: traces.hasAddress
        ? 'the keyed hash of the address, for every mail: who is imported again under it is a new contact, and is not written to'
        : 'none: no address is known, so a contact who is imported again is written to like everybody else',
    }),
    beyond: tellBeyond(traces),
  };
}

function tellBeyond(traces: Traces): string[] {
  return [
    ...(traces.sharers > 0
      ? [
          `${count(traces.sharers, 'other contact has', 'other contacts have')} the same address: not erased, and not written to any more.`,
        ]
      : []),
    ...(traces.leaving > 0
      ? [`${count(traces.leaving, 'mail is', 'mails are')} leaving at this moment and cannot be called back.`]
      : []),
    ...(traces.calls > 0
      ? [`${count(traces.calls, 'call has', 'calls have')} told other programs of it: ask their owners.`]
      : []),
    ...(traces.notices > 0
      ? [`${count(traces.notices, 'mail', 'mails')} about tasks stand in the mailboxes of colleagues.`]
      : []),
    'What stands in its mailbox, the CRM, exports and backups. Erase it in the CRM first: the next event brings a new contact.',
  ];
}

/** null: there is none of it. */
function some(n: number, one: string, what: string, many = `${one}s`): string | null {
  return n === 0 ? null : `${count(n, one, many)}: ${what}`;
}

const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

function kept(lines: { readonly [what: string]: string | null }): Lines {
  return Object.fromEntries(
    Object.entries(lines).filter((line): line is [string, string] => line[1] !== null),
  );
}

// Reactions flattened to the rows that they write. Pure.
// Promises: several transitions of one run in one reaction leave one row, the last; what an earlier one queued and a
// later one cancels is written as cancelled, so that its key stays taken and the reason can be read.

import type { Line, QueueEdit, Reaction, Transition } from '../engine/reaction.ts';
import type { Scored } from '../engine/scored.ts';
import type { Effect, Fields, Raised, Run } from '../engine/step.ts';

export interface ReactionRows {
  readonly runs: (Omit<Run, 'id'> & {
    readonly ref: number;
    readonly id: string | null;
    /** Where it is to be given a day. */
    readonly perDay: number | null;
  })[];
  readonly lines: (Line & { readonly ref: number; readonly position: number })[];
  readonly deliveries: (Effect & {
    readonly ref: number;
    readonly position: number;
    readonly state: 'queued' | 'cancelled';
    readonly stop: string | null;
  })[];
  readonly cancels: {
    readonly ref: number;
    readonly why: string;
    /** Of these steps alone; null: of all. */
    readonly nodes: readonly string[] | null;
  }[];
  readonly renames: { readonly ref: number; readonly old: string; readonly name: string }[];
  readonly contactPatches: { readonly contactId: string; readonly patch: Fields }[];
  readonly dealPatches: { readonly contactId: string; readonly dealId: string; readonly patch: Fields }[];
  readonly raised: (Raised & { readonly ref: number; readonly contactId: string })[];
  readonly read: { readonly contactId: string; readonly eventId: string }[];
  readonly scores: readonly (Scored & { readonly contactId: string })[];
  readonly due: { readonly contactId: string; readonly at: number | null }[];
}

export function flatten(reactions: readonly Reaction[]): ReactionRows {
  const rows: ReactionRows = {
    runs: [],
    lines: [],
    deliveries: [],
    cancels: [],
    renames: [],
    contactPatches: [],
    dealPatches: [],
    raised: [],
    read: [],
    scores: reactions.flatMap(({ contactId, score }) => (score === null ? [] : [{ contactId, ...score }])),
    due: [],
  };
  for (const { contactId, transitions, read, nextDueAt } of reactions) {
    for (const ofRun of groupByRun(transitions)) flattenRun(contactId, ofRun, rows);
    for (const eventId of read) rows.read.push({ contactId, eventId });
    rows.due.push({ contactId, at: nextDueAt });
  }
  return rows;
}

function groupByRun(transitions: readonly Transition[]): Iterable<Transition[]> {
  const groups = new Map<string, Transition[]>();
  for (const transition of transitions) {
    const group = groups.get(transition.run.id);
    if (group) group.push(transition);
    else groups.set(transition.run.id, [transition]);
  }
  return groups.values();
}

function flattenRun(contactId: string, transitions: readonly Transition[], rows: ReactionRows): void {
  const last = transitions.at(-1);
  if (!last) return;
  const ref = rows.runs.length;
  const isNew = transitions.some((one) => one.isNew);
  rows.runs.push({ ...last.run, ref, id: isNew ? null : last.run.id, perDay: last.perDay });
  const cancelledBy = transitions.findLastIndex((one) => one.cancels);
  const why = `the run ended: ${last.run.outcome}`;
  if (cancelledBy >= 0 && !isNew) rows.cancels.push({ ref, why, nodes: null });
  else for (const { edit } of transitions) if (edit) flattenEdit(ref, edit, rows);
  transitions.forEach(({ effects, lines, patch, raises }, at) => {
    // Nothing is asked for after an end, so what stands in the transition that cancels came before it.
    const isStopped = at <= cancelledBy;
    if (patch.contact) rows.contactPatches.push({ contactId, patch: patch.contact });
    if (patch.deal && last.run.dealId)
      rows.dealPatches.push({ contactId, dealId: last.run.dealId, patch: patch.deal });
    for (const one of raises) rows.raised.push({ ...one, ref, contactId });
    for (const line of lines) rows.lines.push({ ...line, ref, position: rows.lines.length });
    for (const effect of effects)
      rows.deliveries.push({
        ...effect,
        ref,
        position: rows.deliveries.length,
        state: isStopped ? 'cancelled' : 'queued',
        stop: isStopped ? why : null,
      });
  });
}

function flattenEdit(ref: number, { stops, why, renamed }: QueueEdit, rows: ReactionRows): void {
  if (stops.length > 0) rows.cancels.push({ ref, why, nodes: stops });
  for (const [old, name] of Object.entries(renamed)) rows.renames.push({ ref, old, name });
}

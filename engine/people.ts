// Who may get a task, and when it is due for them: the people an assignment leads to, without those who are away on
// that day of their own calendar, each with the due time in their own business hours.
// Promises: where anybody can be named, somebody is: if all are away, those who were meant get it all the same.
import { createZone } from './calendar-zone.ts';
import type { Catalogue } from './catalogue.ts';
import { isoDateOf } from './civil.ts';
import { parseDuration } from './duration.ts';
import type { Program } from './plan.ts';
import type { Assignment, TaskRequest } from './requests.ts';
import type { Facts, Reckoning } from './step.ts';

export interface Candidate {
  readonly person: string;
  readonly dueAt: number;
  /** When the task has to be looked at first: at its first reminder, or when it is due. */
  readonly lookAt: number;
}

export interface Choice {
  /** How one of them is taken: the first, the next in turn, or the least loaded. */
  readonly by: 'first' | 'turn' | 'least';
  /** Whose turns are counted; null where they are not. */
  readonly team: string | null;
  /** In order; none where nobody can be named. */
  readonly candidates: readonly Candidate[];
}

/** `except`: who had it so far, and is not to get it again. */
export function chooseAmong(
  program: Program,
  request: Pick<TaskRequest, 'assign' | 'due' | 'remind' | 'overdue'>,
  facts: Facts,
  now: number,
  except: string | null = null,
): Choice {
  const { catalogue } = program;
  const { assign, due, remind } = request;
  const named = namesOf(catalogue, assign, facts).filter((name) => name !== except);
  const meant = named.length > 0 || request.overdue?.is !== 'escalate' ? named : [request.overdue.person];
  const known = meant.filter((name) => catalogue.people[name] !== undefined);
  const there = known.filter((name) => !isAway(catalogue, name, now));
  const isTeam = assign.to === 'turn' || assign.to === 'least';
  return {
    by: isTeam ? assign.to : 'first',
    team: isTeam ? assign.team : null,
    candidates: (there.length > 0 ? there : known).map((person) => {
      const time = reckonFor(program, person);
      const dueAt = time.add(now, due);
      return { person, dueAt, lookAt: nextLookAt({ dueAt, remind }, time, now) ?? dueAt };
    }),
  };
}

/** A person who is away is stood in for by the leads of their teams. */
function namesOf({ teams }: Catalogue, assign: Assignment, { deal }: Facts): string[] {
  if (assign.to === 'turn' || assign.to === 'least') return [...(teams[assign.team]?.members ?? [])];
  const person = assign.to === 'person' ? assign.person : deal?.owner;
  if (typeof person !== 'string') return [];
  const leads = Object.values(teams).flatMap(({ members, lead }) =>
    members.includes(person) && lead ? [lead] : [],
  );
  return [...new Set([person, ...leads])];
}

export function isAway({ people, zone }: Catalogue, name: string, at: number): boolean {
  const person = people[name];
  if (person === undefined || person.away.length === 0) return false;
  const today = isoDateOf(createZone(person.zone ?? zone).toLocal(at).day);
  return person.away.some(([from, to]) => from <= today && today <= to);
}

/** Time as this person lives it: their zone, and the calendars in it. */
export function reckonFor(program: Program, name: string): Reckoning {
  const zone = program.catalogue.people[name]?.zone ?? program.catalogue.zone;
  return program.reckon({ contact: { timezone: zone }, deal: { owner: name } });
}

/** The next reminder after `after`, or the due time; null once that has passed. */
export function nextLookAt(
  { dueAt, remind }: { readonly dueAt: number; readonly remind: readonly string[] },
  time: Reckoning,
  after: number,
): number | null {
  const reminders = remind.flatMap((before) =>
    parseDuration(before) === null ? [] : time.add(dueAt, before, -1),
  );
  const coming = [...reminders, dueAt].filter((at) => at > after && at <= dueAt);
  return coming.length === 0 ? null : Math.min(...coming);
}

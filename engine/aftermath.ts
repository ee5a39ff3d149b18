// What becomes in time of what people were asked for, in a rehearsal: a task that nobody closes is reminded of, overdue,
// given to another, escalated; a survey that nobody answers is sent once more. By the same `attend` as the ledger's
// (db/tasks-due.ts, db/surveys-due.ts). Whose turn it is in a team is not known here: it begins with the first who is there.
import { chooseAmong } from './people.ts';
import type { Program } from './plan.ts';
import type { Asking, Coming, Notice, Occurrence, Rehearsal } from './rehearsal.ts';
import type { SurveyRequest, TaskRequest } from './requests.ts';
import type { Facts } from './step.ts';
import { type Attention, attend, firstDueAt, isClosedBy, type OpenTask } from './task-life.ts';

/** What comes of it, unless something happens before. */
export function aftermathOf(rehearsal: Rehearsal, asking: Asking): Coming[] {
  const { contact, deals, program } = rehearsal;
  const facts = { contact, deal: asking.dealId === null ? null : (deals[asking.dealId] ?? null) };
  if (asking.verb === 'task') return lifeOf(program, asking, facts);
  return asking.verb === 'survey' ? reminderOf(program, asking, facts) : [];
}

type Told = readonly [what: Notice['what'], to: string | null];

/** Reminders, then once what its rule says; an owner who is given it later has reminders of their own. */
function lifeOf(program: Program, asking: Asking, facts: Facts): Coming[] {
  const request = asking.payload as unknown as TaskRequest;
  const [first] = chooseAmong(program, request, facts, asking.askedAt).candidates;
  const dueAt = first?.dueAt ?? firstDueAt(program, request, facts, asking.askedAt);
  let task: OpenTask = { id: '', owner: first?.person ?? null, dueAt, overdueAt: null, rule: request };
  const life: Coming[] = [comingOf(asking, asking.askedAt, ['gives', task.owner], null)];
  for (let at: number | null = first?.lookAt ?? dueAt; at !== null; ) {
    const attention = attend(program, task, at);
    const next = attention.reassign?.candidates[0];
    const overdue = attention.isOverdue ? overdueOf(asking, task.dueAt) : null;
    task = {
      ...task,
      owner: next?.person ?? task.owner,
      dueAt: next?.dueAt ?? task.dueAt,
      overdueAt: attention.isOverdue ? at : task.overdueAt,
    };
    life.push(comingOf(asking, at, toldBy(attention, task.owner), overdue));
    at = next?.lookAt ?? attention.lookAt;
  }
  return life;
}

function toldBy({ notice, tell }: Attention, owner: string | null): Told | null {
  if (notice === null) return null;
  if (notice === 'escalated') return ['escalates', tell];
  return [notice === 'reassigned' ? 'reassigns' : 'reminds', owner];
}

function overdueOf({ runId, key, node, dealId }: Asking, at: number): Occurrence {
  return {
    id: `${runId}:${key}:overdue`,
    type: 'task.overdue',
    at,
    dealId,
    data: { run: runId, step: node },
  };
}

function comingOf(asking: Asking, at: number, told: Told | null, occurrence: Occurrence | null): Coming {
  const { node, runId } = asking;
  return {
    at,
    isStill: ({ heard }) => !heard.some((event) => isClosedBy(asking, event)),
    happen({ notices }) {
      if (told !== null) notices.push({ at, runId, what: told[0], names: [node, told[1] ?? 'nobody'] });
      return occurrence;
    },
  };
}

/** What keeps a reminder from being sent. */
const leavings = ['contact.unsubscribed', 'mail.complained', 'mail.bounced', 'contact.erased'];

function reminderOf(program: Program, { payload, node, runId, askedAt }: Asking, facts: Facts): Coming[] {
  const { survey, remind } = payload as unknown as SurveyRequest;
  if (remind === undefined) return [];
  const at = program.reckon(facts).add(askedAt, remind);
  const ends = ({ type, at: when, data }: Occurrence) =>
    when >= askedAt && (leavings.includes(type) || (type === 'survey.answered' && data.survey === survey));
  return [
    {
      at,
      isStill: ({ heard }) => !heard.some(ends),
      happen({ notices }) {
        notices.push({ at, runId, what: 'reminds', names: [node, survey] });
        return null;
      },
    },
  ];
}

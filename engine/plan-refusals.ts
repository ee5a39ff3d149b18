// What an edit may not do to those under way, told before anything is done: leave people on a step that is gone, give an
// id that a version before it had another verb, or call a step of one verb by the name of another. All of it at once,
// each with what to write instead. Pure; the ledger says who stands where and which steps there ever were.

import type { Plan } from './plan.ts';
import type { PeopleChange } from './plan-diff.ts';
import { closest } from './spelling.ts';

export interface Refusal {
  readonly workflow: string;
  readonly step: string;
  /** How many stand there; 0 where it is refused whoever does. */
  readonly people: number;
  readonly message: string;
  readonly hint: string;
}

/** A step that some version of the workflow had. */
export interface PastStep {
  readonly workflow: string;
  readonly id: string;
  readonly verb: string;
}

type Crowded = PeopleChange & { readonly workflow: string };

export function findRefusals(
  plans: readonly Plan[],
  past: readonly PastStep[],
  people: readonly Crowded[],
): readonly Refusal[] {
  const ofPlans = plans.flatMap((plan) => {
    const own = past.filter(({ workflow }) => workflow === plan.workflow);
    return [...findReused(plan, own), ...findMisnamed(plan, own)];
  });
  return [...findLeft(people), ...ofPlans];
}

/** Each step once, however many versions its people are on. */
function findLeft(people: readonly Crowded[]): Refusal[] {
  const left = new Map<string, Refusal>();
  for (const { is, workflow, step, people: count } of people) {
    if (is !== 'unsaid') continue;
    const sum = (left.get(`${workflow} ${step}`)?.people ?? 0) + count;
    left.set(`${workflow} ${step}`, {
      workflow,
      step,
      people: sum,
      message: `${sum} ${sum === 1 ? 'person stands' : 'people stand'} at \`${step}\`, which is gone`,
      hint: `write \`removed: { ${step}: continue }\`, or \`exit\`, or the id of a step; or \`renamed:\``,
    });
  }
  return [...left.values()];
}

function findReused({ workflow, nodes }: Plan, past: readonly PastStep[]): Refusal[] {
  return past.flatMap(({ id, verb }) => {
    const node = nodes[id];
    if (node === undefined || node.verb === verb) return [];
    const message = `\`${id}\` was a ${verb} in an earlier version, and is a ${node.verb} now`;
    return {
      workflow,
      step: id,
      people: 0,
      message,
      hint: 'a step keeps its id for ever: give this one a new id',
    };
  });
}

function findMisnamed({ workflow, nodes, renamed }: Plan, past: readonly PastStep[]): Refusal[] {
  return Object.entries(renamed).flatMap(([old, name]) => {
    const verb = past.find(({ id }) => id === old)?.verb;
    const now = nodes[name]?.verb;
    if (verb === undefined || now === undefined || verb === now) return [];
    const message = `\`${old}\` was a ${verb}, and \`${name}\` is a ${now}: a rename keeps the verb`;
    return {
      workflow,
      step: old,
      people: 0,
      message,
      hint: `write \`removed: { ${old}: ${name} }\` instead`,
    };
  });
}

/** What `renamed` and `removed` name, and no version ever had: it does nothing, and was probably meant to. */
export function findNotes(plans: readonly Plan[], past: readonly PastStep[]): readonly string[] {
  return plans.flatMap(({ workflow, renamed, removed }) => {
    const known = past.filter((one) => one.workflow === workflow).map(({ id }) => id);
    if (known.length === 0) return [];
    return [...Object.keys(renamed), ...Object.keys(removed)]
      .filter((id) => !known.includes(id))
      .map((id) => {
        const near = closest(id, known);
        const meant = near === null ? '' : `; did you mean \`${near}\`?`;
        return `${workflow}: no version of it had a step \`${id}\`${meant}`;
      });
  });
}

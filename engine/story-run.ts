// Runs a story: a made-up person with what is given, on a virtual clock, through `react` and the plan as it would be
// applied. Only the story's own workflow runs, and everybody who qualifies enters: share, control group and daily limit are
// left out, because a story tells what happens to those who come in.
import { inventPersona } from './persona.ts';
import type { LinkedPlan, Plan, Program } from './plan.ts';
import { type Simulated, type Simulation, simulate } from './simulate.ts';
import type { Decision, Json, Step, View } from './step.ts';
import type { Story } from './story.ts';

const dayMs = 86_400_000;
/** Longer than any story needs: a workflow that begins every Monday would never end. */
const longestDays = 400;
const maxDraws = 10_000;

export interface Told extends Simulated {
  readonly story: Story;
  /** Arms taken, as `<step> <arm>`. */
  readonly arms: ReadonlySet<string>;
}

export function runStory(story: Story, program: Program): Told {
  const arms = new Set<string>();
  const staged = stage(story, program, (step, arm) => arms.add(`${step} ${arm}`));
  return { story, arms, ...simulate(staged.program, staged.simulation) };
}

/** The program and the simulation that a story is. */
export function stage(
  story: Story,
  program: Program,
  take: (step: string, arm: string) => void = () => undefined,
): { readonly program: Program; readonly simulation: Simulation } {
  const linked = program.current.find(({ plan }) => plan.workflow === story.workflow);
  if (linked === undefined) throw new Error(`the workflow of the story "${story.name}" is not linked`);
  const open = watchArms({ ...linked, plan: openDoors(linked.plan) }, take);
  const dealId = findSubject(story, linked);
  const { first, ...persona } = inventPersona(linked.plan, program.catalogue, story.given, {
    at: story.startsAt,
    dealId,
    earns: true,
  });
  const contact = open.plan.enter.per === 'contact' ? { ...persona.contact, id: dealId } : persona.contact;
  const last = Math.max(story.startsAt, ...story.tellings.map(({ at }) => at));
  return {
    program: { ...program, current: [open], byHash: new Map([[open.plan.hash, open]]) },
    simulation: {
      ...persona,
      contact,
      events: [first],
      coming: story.tellings,
      from: story.startsAt,
      until: last + longestDays * dayMs,
    },
  };
}

function openDoors(plan: Plan): Plan {
  return { ...plan, enter: { ...plan.enter, rollout: 1, holdout: 0, perDay: null } };
}

/** The same plan, telling every arm that a run takes. */
export function watchArms(linked: LinkedPlan, take: (step: string, arm: string) => void): LinkedPlan {
  const watched = new Map<string, Step>();
  return {
    ...linked,
    step(verb) {
      const step = watched.get(verb) ?? watch(linked.step(verb), take);
      watched.set(verb, step);
      return step;
    },
  };
}

function watch(step: Step, take: (step: string, arm: string) => void): Step {
  return {
    ...step,
    decide(view: View<Json>): Decision {
      const decision = step.decide(view);
      if (decision.go === 'on' && decision.arm !== undefined) take(view.node.id, decision.arm);
      return decision;
    },
  };
}

/** The first of many ids whose draws are those that the story names. */
function findSubject({ draws }: Story, { plan, step }: LinkedPlan): string {
  const wanted = Object.entries(draws);
  for (let n = 1; n <= maxDraws; n++) {
    const subject = `deal-${n}`;
    const isDrawn = wanted.every(([id, arm]) => {
      const node = plan.nodes[id];
      if (node === undefined) return false;
      const view = { node, params: node.params, plan, subject } as unknown as View<Json>;
      const decision = step(node.verb).decide(view);
      return decision.go === 'on' && decision.arm === arm;
    });
    if (isDrawn) return subject;
  }
  throw new Error(`no subject of ${maxDraws} draws ${wanted.map((draw) => draw.join(': ')).join(', ')}`);
}

// Programs and states that name only what a test is about.
import { compile } from '../../engine/compile.ts';
import { hasErrors, printDiagnostics } from '../../engine/diagnostic.ts';
import { link } from '../../engine/link.ts';
import type { Program } from '../../engine/plan.ts';
import type { ContactState, Transition } from '../../engine/reaction.ts';
import type { Happening, Run } from '../../engine/step.ts';
import { steps } from '../../steps/index.ts';
import { goldenCatalogue } from '../lint/catalogue.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** Monday, 23 November 2026, 10:00 UTC. */
export const monday = Date.UTC(2026, 10, 23, 10);

export const { catalogue } = goldenCatalogue([]);

/** Each text is a file of one workflow; an error in it fails the test. */
export function programOf(...texts: readonly string[]): Program {
  const files = texts.map((text, i) => ({ path: `${i}.yaml`, text }));
  const { plans, diagnostics } = compile(files, steps, catalogue);
  if (hasErrors(diagnostics)) throw new Error(printDiagnostics(diagnostics, files));
  return link(
    plans,
    plans.map((plan) => plan.hash),
    steps,
    catalogue,
  );
}

let count = 0;
export function happening(type: string, parts: Partial<Happening> = {}): Happening {
  count += 1;
  return { id: `e${String(count).padStart(6, '0')}`, type, at: monday, dealId: null, data: {}, ...parts };
}

export function stageChange(to: string, parts: Partial<Happening> = {}): Happening {
  const { data, ...rest } = parts;
  return happening('deal.stage_changed', {
    dealId: 'd1',
    ...rest,
    data: { pipeline: 'sales', from: null, to, ...data },
  });
}

export function stateOf(parts: Partial<ContactState> = {}): ContactState {
  return {
    contactId: 'c1',
    contact: { id: 'c1', consent: { marketing: true } },
    deals: { d1: { id: 'd1', pipeline: 'sales', stage: 'Qualification', amount: 5000 } },
    runs: [],
    entries: [],
    events: [],
    dueAt: null,
    ...parts,
  };
}

/** The run that a reaction began or moved, under the id that the ledger would give it. */
export function runOf(transition: Transition | undefined, id = 'r1'): Run {
  if (transition === undefined) throw new Error('no run moved');
  return { ...transition.run, id };
}

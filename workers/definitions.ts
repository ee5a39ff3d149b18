// What is applied, as this process holds it: the linked program and the compiled templates. Each is read again only when
// the ledger's revision has moved, and the program also when a run stands on a plan that it does not hold: another
// process may have entered it under the revision before.

import type { Field } from '../analysis/columns.ts';
import { valuesOf } from '../analysis/deal-values.ts';
import { type Model, predictWin } from '../analysis/predict.ts';
import type { Db, Tx } from '../db/connect.ts';
import { readModel } from '../db/models.ts';
import { readDeclarations, readPlans, readRevision } from '../db/plans.ts';
import { readTemplates } from '../db/templates.ts';
import { createReckonings } from '../engine/calendar.ts';
import { type Catalogue, emptyCatalogue } from '../engine/catalogue.ts';
import { link } from '../engine/link.ts';
import type { Program } from '../engine/plan.ts';
import type { Json, Step } from '../engine/step.ts';
import type { CompiledTemplate } from '../mail/template.ts';
import type { Applied } from './io.ts';

/** What `voronka score train` keeps. */
export interface LearntModel {
  readonly model: Model;
  readonly fields: readonly Field[];
}

export interface Definitions {
  /** The program that is applied now; it holds the plans with these hashes where the ledger has them. */
  program(db: Db | Tx, pinned: Iterable<string>): Promise<Program>;
  /** What mail needs of it. */
  applied(db: Db | Tx): Promise<Applied>;
}

export function watchDefinitions(steps: readonly Step[]): Definitions {
  const programs = holdByRevision(async (db) => {
    const { plans, current, lineage } = await readPlans(db);
    const program = link(plans, current, steps, toCatalogue(await readDeclarations(db)), lineage);
    return { ...program, predictWin: await readPrediction(db) };
  });
  const applied = holdByRevision(async (db) => {
    const catalogue = toCatalogue(await readDeclarations(db));
    const templates = (await readTemplates(db)).map(({ body }) => body as unknown as CompiledTemplate);
    return { templates, policy: catalogue.policy, reckon: createReckonings(catalogue) };
  });
  return {
    async program(db, pinned) {
      const program = await programs.read(db);
      if ([...pinned].every((hash) => program.byHash.has(hash))) return program;
      programs.forget();
      return programs.read(db);
    },
    applied: applied.read,
  };
}

async function readPrediction(db: Db | Tx): Promise<Program['predictWin']> {
  const stored = await readModel(db, 'win');
  if (stored === null) return null;
  const { model, fields } = stored.body as unknown as LearntModel;
  return (facts) => predictWin(model, valuesOf(fields, facts)).chance;
}

/** A catalogue is applied as it is, each of its keys a declaration; one that is missing is empty. */
export function toCatalogue(declarations: { readonly [name: string]: Json }): Catalogue {
  return { ...emptyCatalogue, ...declarations } as unknown as Catalogue;
}

interface Held<T> {
  read(db: Db | Tx): Promise<T>;
  forget(): void;
}

/** What is applied between the two reads is at worst read again the next time. */
function holdByRevision<T>(load: (db: Db | Tx) => Promise<T>): Held<T> {
  let held: { readonly revision: number; readonly value: T } | null = null;
  return {
    async read(db) {
      const revision = await readRevision(db);
      if (held?.revision !== revision) held = { revision, value: await load(db) };
      return held.value;
    },
    forget() {
      held = null;
    },
  };
}

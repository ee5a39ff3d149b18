// What one event phrase is: how it is written, what the plan keeps of it, and when it is true. A phrase is heard in an
// event, or comes true at a moment that time alone brings. Kinds are listed in phrase.ts; nothing switches over them.
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import type { Facts, Fields, Happening, Reckoning } from './step.ts';

/** What a phrase is read against; names that do not exist are reported. */
export interface PhraseScope {
  readonly catalogue: Catalogue;
  readonly steps: readonly { readonly id: string; readonly verb: string }[];
  /** False where runs have no deal; true also while that is being found out. */
  readonly hasDeal: boolean;
  readonly report: Report;
}

/** What a phrase is heard against. `run` is null where it would begin one. */
export interface Scene {
  readonly catalogue: Catalogue;
  readonly facts: Facts;
  readonly time: Reckoning;
  readonly run: { readonly id: string; readonly dealId: string | null } | null;
}

export interface PhraseKind {
  readonly is: string;
  /** As the reference shows it. */
  readonly form: string;
  readonly means: string;
  /** Matched against the whole text; its named groups are what the plan keeps. */
  readonly pattern: RegExp;
  /** True where it speaks of one deal, so that a run of another deal does not hear it. */
  isOfDeal(data: Fields): boolean;
  /** Its events may name a deal: with `per: deal` the runs that it begins are about that one. */
  readonly mayNameDeal?: true;
  /** Where the groups are not kept as they are. What is wrong is reported. */
  read?(groups: { readonly [group: string]: string | undefined }, at: Located, scope: PhraseScope): Fields;
  /** True where the deal is decided once it has been heard. */
  isOutcome?(data: Fields, catalogue: Catalogue): boolean;
  check?(data: Fields, at: Located, scope: PhraseScope): void;
  hears?(data: Fields, event: Happening, scene: Scene): boolean;
  /** The first moment after `after`; null where there is none. */
  momentAfter?(data: Fields, scene: Scene, after: number): number | null;
}

export const isWithDeal = () => true;
export const withoutDeal = () => false;

/** A name, in either quotes or bare. */
export const name = (group: string) => `["']?(?<${group}>[^"']+?)["']?`;

export function checkStage(data: Fields, at: Located, scope: PhraseScope): void {
  const stages = scope.catalogue.pipelines.flatMap((pipeline) => pipeline.stages);
  const stage = String(data.stage);
  if (!stages.includes(stage))
    scope.report('unknown-stage', at, `no pipeline has a stage "${stage}"`, suggest(stage, stages));
}

/** `verbs`: what the step that is named may be. */
export function checkStep(data: Fields, at: Located, scope: PhraseScope, verbs: readonly string[]): void {
  if (typeof data.step !== 'string') return;
  const ids = scope.steps.filter((step) => verbs.includes(step.verb)).map((step) => step.id);
  const other = scope.steps.find((step) => step.id === data.step && step.verb !== '');
  if (other !== undefined && !ids.includes(other.id)) {
    scope.report('unknown-step', at, `\`${other.id}\` is no ${verbs[0]} step`, suggest(other.id, ids));
    return;
  }
  if (!ids.includes(data.step))
    scope.report('unknown-step', at, `no step here has the id \`${data.step}\``, suggest(data.step, ids));
}

/** Events of mails and tasks say whose run they belong to; another run of the same workflow does not hear them. */
export function isOwn(event: Happening, scene: Scene): boolean {
  return event.data.run === undefined || scene.run === null || event.data.run === scene.run.id;
}

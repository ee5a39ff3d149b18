// From workflow files to plans, or to every diagnostic at once. A file with an error gives no plan; the others do.
// Nothing is guessed: what cannot be resolved against the catalogue is reported where it stands.
import { type BlockScope, compileBlock, listSteps } from './block.ts';
import type { Catalogue } from './catalogue.ts';
import { checkPlan, checkPlans } from './check.ts';
import { judgeIgnores } from './check-ignores.ts';
import { codes } from './codes.ts';
import { compileEdits } from './compile-edits.ts';
import { childOf, compileEnter, compileExit, compileTopic, compileWindow, textOf } from './compile-rules.ts';
import type { Conditions } from './condition.ts';
import { checkCondition } from './condition-check.ts';
import { collector, type Diagnostic, hasErrors, type Report, settle } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import { hashJson } from './hash.ts';
import { createGround } from './link.ts';
import { readMoment } from './moment.ts';
import { isOfDeal, isOutcome, mayBeOfDeal, readPhrase } from './phrase.ts';
import type { Plan } from './plan.ts';
import { readDuration } from './read-values.ts';
import { checkShape } from './shape.ts';
import { type Located, readSource, type SourceFile } from './source.ts';
import type { CompileContext, Json, Step } from './step.ts';
import type { Story } from './story.ts';
import { checkStories } from './story-check.ts';
import { checkText, readNothing, type TextReader } from './texts.ts';
import { workflowShape } from './workflow.ts';

export interface CompiledFiles {
  readonly plans: readonly Plan[];
  /** Of all those plans: what stands under `tests:`. */
  readonly stories: readonly Story[];
  readonly diagnostics: readonly Diagnostic[];
}

export function compile(
  files: readonly SourceFile[],
  steps: readonly Step[],
  catalogue: Catalogue,
  readText: TextReader = readNothing,
): CompiledFiles {
  const raw: Diagnostic[] = [];
  const ground = createGround(catalogue);
  const { conditions } = ground;
  const drafts: Draft[] = [];
  const stories: Story[] = [];
  for (const file of files) {
    const found: Diagnostic[] = [];
    const draft = compileFile(file, { steps, catalogue, conditions, readText, report: collector(found) });
    if (draft !== null) checkPlan(draft, { catalogue, conditions }, collector(found));
    const told = draft === null ? [] : checkStories(draft, steps, catalogue, ground, found);
    if (draft !== null && !hasErrors(settle(found, [file]))) {
      drafts.push(draft);
      stories.push(...told);
    }
    raw.push(...found);
  }
  const across: Diagnostic[] = [];
  checkPlans(drafts, catalogue, collector(across));
  const failed = new Set(
    settle(across, files)
      .filter((one) => one.severity === 'error')
      .map((one) => one.file),
  );
  const plans = drafts.filter((draft) => !failed.has(draft.root.file)).map((draft) => draft.plan);
  raw.push(...across);
  const names = new Set(plans.map((plan) => plan.workflow));
  return {
    plans,
    stories: stories.filter(({ workflow }) => names.has(workflow)),
    diagnostics: settle([...raw, ...judgeIgnores(files, raw, codes)], files),
  };
}

/** What one file is compiled with. */
interface Workshop {
  readonly steps: readonly Step[];
  readonly catalogue: Catalogue;
  readonly conditions: Conditions;
  readonly readText: TextReader;
  readonly report: Report;
}

function compileFile(file: SourceFile, workshop: Workshop): Draft | null {
  const { report } = workshop;
  const { root, refusals } = readSource(file);
  for (const { code, place, message, hint } of refusals) report(code, place, message, hint);
  if (root === null) return null;
  // What is wrong around the steps has been told; it does not keep the steps from being looked at.
  checkShape(workflowShape, root, report);
  return draftPlan(root, workshop);
}

function draftPlan(root: Located, { steps, catalogue, conditions, readText, report }: Workshop): Draft {
  const verbs = steps.map((step) => step.verb);
  const list = childOf(root, 'steps');
  const scope = { catalogue, steps: list === undefined ? [] : listSteps(list, verbs), hasDeal: true, report };
  const begins = childOf(childOf(root, 'enter'), 'when');
  const when = begins === undefined ? null : readPhrase(begins, scope);
  const sendWindow = compileWindow(root, scope);
  const brief = { workflow: textOf(root, 'workflow') ?? '', topic: compileTopic(root, scope), sendWindow };
  // Where the beginning cannot be read, a deal is not missed on top of it.
  const isPerDeal = textOf(childOf(root, 'enter'), 'per') === 'deal';
  const hasDeal = when === null || isOfDeal(when) || (isPerDeal && mayBeOfDeal(when));
  const isDecided = when !== null && isOutcome(when, catalogue);
  const context = createContext({ ...scope, conditions, readText, plan: brief, hasDeal, isDecided });
  const exits = childOf(root, 'exit')?.items ?? [];
  const block: BlockScope = { steps, context, report, nodes: new Map(), places: new Map(), notes: new Map() };
  const first = list?.items.length ? compileBlock(list, null, block) : null;
  const body: Omit<Plan, 'hash'> = {
    ...brief,
    description: textOf(root, 'description') ?? '',
    owner: textOf(root, 'owner'),
    enter: compileEnter(childOf(root, 'enter'), when, context),
    exits: exits.map((exit) => compileExit(exit, context)),
    first,
    nodes: Object.fromEntries([...block.nodes].reverse()),
    ...compileEdits(root, scope),
  };
  return { plan: { hash: hashJson(body), ...body }, root, places: block.places, notes: block.notes };
}

interface ContextSource
  extends Omit<CompileContext, 'here' | 'condition' | 'phrase' | 'moment' | 'duration' | 'text'> {
  readonly conditions: Conditions;
  readonly readText: TextReader;
  readonly isDecided: boolean;
}

function createContext(source: ContextSource): CompileContext {
  const { catalogue, plan, steps, report, conditions, hasDeal, isDecided, readText } = source;
  const ids = steps.map((step) => step.id);
  return {
    catalogue,
    plan,
    steps,
    here: null,
    hasDeal,
    report,
    condition: (at) => checkCondition(at, { catalogue, conditions, steps: ids, hasDeal, isDecided, report }),
    phrase(at) {
      const phrase = readPhrase(at, { catalogue, steps, hasDeal, report });
      if (phrase !== null && isOfDeal(phrase) && !hasDeal)
        report(
          'no-deal',
          at,
          'this workflow runs for a contact without a deal',
          'begin it with an event of a deal',
        );
      return phrase;
    },
    moment: (at) => readMoment(at, { catalogue, hasDeal, report }) as Json,
    duration: (at) => readDuration(String(at.value), at, report),
    text: (at) => checkText(at, readText, { catalogue, hasDeal, report }),
  };
}

// Checks a condition where it is written: reads it, refuses what is not allowed in it, and has it typed. Answers the
// condition as the plan keeps it: one CEL text, lists of all/any/not joined into it. A wrong one is answered `false`,
// so that a plan with errors could never act on it.
import type { ASTNode, TypeError as CheckError, ParseError } from '@marcbachmann/cel-js';
import { parseInstant } from './calendar-zone.ts';
import { functions, methods, pathOf, walk, withDoubles } from './condition.ts';
import { childrenOf } from './condition-facts.ts';
import { type ConditionScope, kind, type Words, wordsFor } from './condition-words.ts';
import { type Located, placeWithin } from './source.ts';
import { suggest } from './spelling.ts';

/** The condition as one text; `false` where it is wrong, which has been reported. */
export function checkCondition(at: Located, scope: ConditionScope): string {
  for (const [key, joint] of [
    ['all', ' && '],
    ['any', ' || '],
  ] as const) {
    const list = at.keys.get(key)?.value;
    if (list === undefined || at.keys.size !== 1) continue;
    if (list.items.length > 0)
      return list.items.map((each) => `(${checkCondition(each, scope)})`).join(joint);
    scope.report('wrong-type', list, `\`${key}:\` needs a list of conditions`);
    return 'false';
  }
  const not = at.keys.get('not')?.value;
  if (not !== undefined && at.keys.size === 1) {
    const parts = not.items.length > 0 ? not.items : [not];
    return `!(${parts.map((each) => `(${checkCondition(each, scope)})`).join(' || ')})`;
  }
  if (typeof at.value === 'boolean') return String(at.value);
  if (typeof at.value !== 'string' || at.value.trim() === '') {
    const hint = 'for example `deal.amount >= 1000`, or `all:`, `any:` or `not:` over a list of such';
    scope.report('wrong-type', at, 'a condition is a text', hint);
    return 'false';
  }
  return checkText(at, at.value, scope) ? at.value : 'false';
}

/** What nobody can read, nobody has to check. */
const longestCondition = 5_000;

function checkText(at: Located, source: string, scope: ConditionScope): boolean {
  const { environment } = scope.conditions;
  let doubled: ReturnType<typeof withDoubles>;
  let root: ASTNode;
  if (source.length > longestCondition) {
    const most = longestCondition.toLocaleString('en');
    scope.report(
      'bad-condition',
      at,
      `a condition has at most ${most} letters`,
      'part it over several branches',
    );
    return false;
  }
  try {
    doubled = withDoubles(environment, source);
    root = environment.parse(source).ast;
    // A whole number too large for a double is read at first, and then is none.
    environment.parse(doubled.text);
  } catch (error) {
    reportUnreadable(at, error as ParseError, source, scope);
    return false;
  }
  const said = (node: { start: number; end: number }) => placeWithin(at, node.start, node.end - node.start);
  const found = walk(root).flatMap((node) => findUnwanted(node, scope).map((one) => ({ node, ...one })));
  for (const { node, code, message, hint } of found) scope.report(code, said(node), message, hint);
  if (found.some(({ code }) => code === 'unknown-function' || code === 'no-deal')) return false;
  const result = environment.check(doubled.text);
  if (result.valid && result.type === 'bool') return found.every(({ code }) => code === 'late-fact');
  if (result.valid) {
    scope.report('condition-type', said(root), `a condition answers yes or no; this is ${kind(result.type)}`);
    return false;
  }
  for (const { start, end, code, message, hint } of typeErrorsIn(doubled.text, scope))
    scope.report(code, said({ start: doubled.toSource(start), end: doubled.toSource(end) }), message, hint);
  return false;
}

interface Fault extends Words {
  readonly start: number;
  readonly end: number;
}

/** The library stops at the first mistake; each part that is wrong by itself is asked by itself, so that all are told. */
function typeErrorsIn(text: string, scope: ConditionScope): Fault[] {
  const { environment } = scope.conditions;
  const faultsOf = (node: ASTNode): Fault[] => {
    // Inside a macro its own variable is known, and nowhere else.
    const parts = node.op === 'rcall' ? [node.args[1]] : childrenOf(node);
    const inner = parts.flatMap(faultsOf);
    if (inner.length > 0) return inner;
    const own = text.slice(node.start, node.end);
    const result = environment.check(own);
    if (result.valid) return [];
    const error = result.error as CheckError;
    const { start, end } = error.range ?? { start: 0, end: own.length };
    return [{ start: node.start + start, end: node.start + end, ...wordsFor(error, own, scope) }];
  };
  return faultsOf(environment.parse(text).ast);
}

function reportUnreadable(at: Located, error: ParseError, source: string, scope: ConditionScope): void {
  const start = error.range?.start ?? 0;
  const place = placeWithin(at, start, (error.range?.end ?? start) - start);
  if (source[start] === '=') {
    scope.report('bad-condition', place, 'a single `=` says nothing here', 'write `==` to compare');
    return;
  }
  const rest = source.slice(start, start + 20).trim();
  const message =
    rest === '' ? 'the condition ends too early' : `the condition cannot be read from \`${rest}\` on`;
  scope.report('bad-condition', place, message, 'join conditions with && and ||, put text into "quotes"');
}

/** What parses and may even type-check, and is refused all the same. */
function findUnwanted(node: ASTNode, scope: ConditionScope): Words[] {
  if (node.op === 'call') return findUnwantedCall(node.args[0], node.args[1], scope);
  if (node.op === 'rcall') {
    const [name, , args] = node.args;
    if (!methods.includes(name))
      return [
        {
          code: 'unknown-function',
          message: `\`.${name}()\` cannot be used in a condition`,
          hint: suggest(name, methods),
        },
      ];
    const isNested =
      (name === 'exists' || name === 'all') &&
      args.flatMap(walk).some((inner) => inner.op === 'rcall' && /^(exists|all)$/.test(inner.args[0]));
    return isNested ? [{ code: 'unknown-function', message: `one list inside another cannot be asked` }] : [];
  }
  if (node.op === 'id' && node.args === 'deal' && !scope.hasDeal)
    return [
      {
        code: 'no-deal',
        message: 'this workflow runs for a contact without a deal',
        hint: 'set `per: deal`',
      },
    ];
  if (node.op === '.') return findFuture(node, scope);
  if (node.op === '==' || node.op === '!=' || node.op === 'in') return findUnknownStages(node.args, scope);
  return [];
}

/** A fact that is known only once a deal is decided. */
function findFuture(node: ASTNode, { catalogue, isDecided }: ConditionScope): Words[] {
  const path = pathOf(node);
  if (isDecided || path === null || !catalogue.afterOutcome.includes(path)) return [];
  const message = `\`${path}\` is known only after the outcome`;
  return [{ code: 'late-fact', message }];
}

function findUnwantedCall(name: string, args: readonly ASTNode[], scope: ConditionScope): Words[] {
  if (functions[name] === undefined)
    return [
      {
        code: 'unknown-function',
        message: `there is no function \`${name}\``,
        hint: suggest(name, Object.keys(functions)),
      },
    ];
  const literal = args[0]?.op === 'value' ? args[0].args : undefined;
  if (typeof literal !== 'string') return [];
  if (['opened', 'clicked', 'outcome'].includes(name) && !scope.steps.includes(literal))
    return [
      {
        code: 'unknown-step',
        message: `no step here has the id \`${literal}\``,
        hint: suggest(literal, scope.steps),
      },
    ];
  if (name === 'date' && parseInstant(literal, 'UTC') === null)
    return [
      { code: 'bad-condition', message: `"${literal}" is not a date`, hint: 'write it as "2026-12-31"' },
    ];
  return [];
}

function findUnknownStages([left, right]: readonly [ASTNode, ASTNode], scope: ConditionScope): Words[] {
  const asked = [left, right].some((side) => pathOf(side) === 'deal.stage');
  const stages = scope.catalogue.pipelines.flatMap((pipeline) => pipeline.stages);
  if (!asked || stages.length === 0) return [];
  return [left, right]
    .flatMap((side) => (side.op === 'list' ? side.args : [side]))
    .flatMap((side) => (side.op === 'value' && typeof side.args === 'string' ? [side.args] : []))
    .filter((stage) => !stages.includes(stage))
    .map((stage) => ({
      code: 'unknown-stage',
      message: `no pipeline has a stage "${stage}"`,
      hint: suggest(stage, stages),
    }));
}

// The library's findings in the marketer's words: not "no such overload: double >= string" but "contact.score.fit is a
// number, \"60\" is text", with what to write instead. It asks the library for the type of each side by itself.
import type { ASTNode, TypeError as CheckError } from '@marcbachmann/cel-js';
import type { Catalogue, FieldTypes } from './catalogue.ts';
import { type Conditions, functions, pathOf } from './condition.ts';
import type { Report } from './diagnostic.ts';
import { closest, suggest } from './spelling.ts';

export interface ConditionScope {
  readonly catalogue: Catalogue;
  readonly conditions: Conditions;
  /** What opened("...") and clicked("...") may name. */
  readonly steps: readonly string[];
  /** False where a run has no deal to speak of. */
  readonly hasDeal: boolean;
  /** True where the deal is decided before anything is asked, so that what only the outcome tells is known. */
  readonly isDecided: boolean;
  readonly report: Report;
}

export interface Words {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export function wordsFor(error: CheckError, text: string, scope: ConditionScope): Words {
  const node = error.node;
  if (error.code === 'unknown_variable' && node)
    return {
      code: 'unknown-fact',
      message: `there is no \`${node.args}\``,
      hint: suggest(String(node.args), ['contact', 'deal']),
    };
  if (error.code === 'no_such_key' && node?.op === '.') {
    const [left, name] = node.args;
    const owner = pathOf(left) ?? 'this';
    const known = Object.keys(typesAt(owner, scope.catalogue) ?? {});
    return {
      code: 'unknown-fact',
      message: `\`${owner}\` has no field \`${name}\``,
      hint: fieldHint(name, known),
    };
  }
  if (node && Array.isArray(node.args) && node.args.length === 2 && error.code.startsWith('no_such_overload'))
    return compareWords(node.args as [ASTNode, ASTNode], text, scope);
  if (node && error.code === 'invalid_logical_operand') {
    const sides = (Array.isArray(node.args) ? node.args : [node.args]) as ASTNode[];
    const wrong = sides
      .map((side) => describe(side, text, scope))
      .filter((side) => !side.endsWith('yes or no'));
    return {
      code: 'condition-type',
      message: `${wrong[0] ?? 'one side'}, but && and || join what is yes or no`,
    };
  }
  if (error.code === 'no_matching_overload' && node?.op === 'call')
    return {
      code: 'condition-type',
      message: `\`${node.args[0]}\` cannot be asked of ${node.args[1].map((arg) => kind(typeOf(arg, text, scope))).join(', ') || 'nothing'}`,
      hint: functions[node.args[0]],
    };
  return { code: 'condition-type', message: error.summary.charAt(0).toLowerCase() + error.summary.slice(1) };
}

function fieldHint(name: string, known: readonly string[]): string {
  const near = closest(name, known);
  if (near !== null) return `did you mean \`${near}\`?`;
  return `${suggest(name, known) ?? 'no fields are known'}; new ones are declared in facts.yaml`;
}

function compareWords([left, right]: [ASTNode, ASTNode], text: string, scope: ConditionScope): Words {
  const message = `${describe(left, text, scope)}, ${describe(right, text, scope)}`;
  const types = [typeOf(left, text, scope), typeOf(right, text, scope)];
  const literal = [left, right].find((side) => side.op === 'value')?.args;
  let hint: string | undefined;
  if (types.includes('null'))
    hint = `ask \`has(${pathOf(left) ?? pathOf(right) ?? 'contact.field'})\` whether it is known`;
  else if (types.includes('instant'))
    hint = 'write date("2026-12-31"), or compare days_since(...) with a number';
  else if (
    types.includes('double') &&
    typeof literal === 'string' &&
    literal.trim() !== '' &&
    !Number.isNaN(Number(literal))
  )
    hint = `write ${literal} without quotes`;
  return { code: 'condition-type', message, hint };
}

function describe(node: ASTNode, text: string, scope: ConditionScope): string {
  const written =
    node.op === 'value' && typeof node.args === 'number'
      ? String(node.args)
      : text.slice(node.start, node.end);
  return `${written} is ${kind(typeOf(node, text, scope))}`;
}

function typeOf(node: ASTNode, text: string, scope: ConditionScope): string {
  const result = scope.conditions.environment.check(text.slice(node.start, node.end));
  return result.valid ? (result.type ?? 'dyn') : 'dyn';
}

export function kind(type: string | undefined): string {
  const words: Record<string, string> = {
    double: 'a number',
    int: 'a number',
    string: 'text',
    bool: 'yes or no',
    instant: 'an instant',
    null: 'nothing',
    list: 'a list',
    dyn: 'of no known kind',
  };
  return words[type ?? 'dyn'] ?? (type?.startsWith('list') ? 'a list' : 'a group of facts');
}

function typesAt(path: string, catalogue: Catalogue): FieldTypes | null {
  let types: FieldTypes | string | undefined = catalogue.facts;
  for (const part of path.split('.')) types = typeof types === 'object' ? types[part] : undefined;
  return typeof types === 'object' ? types : null;
}

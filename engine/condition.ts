// Conditions: CEL (a library's language, wrapped once) over the typed facts of a contact and its deal. A condition
// answers yes or no; a fact that is not known makes it no, and the answer says which. All numbers are doubles:
// integer literals are rewritten, so that `3/4` is 0.75 and `amount == 1000` compares. No user regex, no nested
// macros, no function beyond the list below, so that a condition is bounded.
import { type ASTNode, Environment, EvaluationError, type ParseResult } from '@marcbachmann/cel-js';
import { parseInstant } from './calendar-zone.ts';
import type { Catalogue, FieldTypes } from './catalogue.ts';
import type { Memory } from './memory.ts';
import type { Facts, Fields, Json } from './step.ts';

/** What a condition is asked about. `memory` is null before a run exists. */
export interface Asked {
  readonly facts: Facts;
  readonly memory: Memory | null;
  readonly now: number;
}
/** `unknown`: the facts that were missing, where they decided the answer. */
export interface Answer {
  readonly is: boolean;
  readonly unknown: string | null;
}

export interface Conditions {
  readonly environment: Environment;
  ask(source: string, asked: Asked): Answer;
}

/** What a condition may call, and how it reads in the reference. */
export const functions: { readonly [name: string]: string } = {
  opened: 'opened("step"): a person opened the mail of that step',
  clicked: 'clicked("step"): a person clicked a link in the mail of that step',
  replied: 'replied(): the contact answered a mail since it entered',
  answered: 'answered("survey"): the contact answered that survey since it entered',
  outcome:
    'outcome("step"): the word that the task of that step was done with; `done` where none was said, or `cancelled`',
  days_since: 'days_since(t): days from the instant t to now, with fractions',
  days_until: 'days_until(t): days from now to the instant t',
  date: 'date("2026-12-01"): an instant, to compare with others',
  has: 'has(contact.field): the fact is known',
};
/** Methods of a text, and macros over a list that is written out. */
export const methods = ['startsWith', 'endsWith', 'contains', 'exists', 'all'];

const dayMs = 86_400_000;

/** The library wants a class to tell our instants from its own timestamps. */
class Instant {
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
}

export function createConditions(catalogue: Catalogue): Conditions {
  const environment = new Environment({ limits: { maxAstNodes: 400, maxDepth: 40, maxListElements: 100 } });
  environment.registerType('instant', { ctor: Instant, fields: { at: 'double' } });
  // What is being asked right now: the library hands no context to functions, and asking is synchronous.
  let asked: Asked = { facts: { contact: {}, deal: null }, memory: null, now: 0 };
  registerFunctions(environment, catalogue.zone, () => asked);
  const views = {
    contact: createView(environment, 'contact', catalogue.facts.contact, catalogue.zone),
    deal: createView(environment, 'deal', catalogue.facts.deal, catalogue.zone),
  };
  environment.registerVariable('contact', 'contact').registerVariable('deal', 'deal');

  const parsed = new Map<string, ParseResult>();
  return {
    environment,
    ask(source, about) {
      asked = about;
      const condition = parsed.get(source) ?? environment.parse(withDoubles(environment, source).text);
      parsed.set(source, condition);
      const { contact, deal } = about.facts;
      const context = {
        contact: views.contact(contact),
        ...(deal === null ? {} : { deal: views.deal(deal) }),
      };
      // The library tells of an unknown fact by throwing, and nobody reads that stack: taking it costs 50 us each time.
      const depth = Error.stackTraceLimit;
      Error.stackTraceLimit = 0;
      try {
        return { is: condition(context) === true, unknown: null };
      } catch (error) {
        if (error instanceof EvaluationError) return { is: false, unknown: tellUnknown(error) };
        throw error;
      } finally {
        Error.stackTraceLimit = depth;
      }
    },
  };
}

function registerFunctions(environment: Environment, zone: string, asked: () => Asked): void {
  const did = (what: string, name: string) => asked().memory?.happened[what]?.includes(name) === true;
  const toDate = (text: string) => {
    const at = parseInstant(text, zone);
    if (at === null) throw new EvaluationError(`not a date: ${text}`);
    return new Instant(at);
  };
  const outcomeOf = (step: string) => {
    const found = asked().memory?.happened.task?.find((one) => one.startsWith(`${step}=`));
    if (found === undefined) throw new EvaluationError(`the task of ${step} is not closed`);
    return found.slice(step.length + 1);
  };
  environment
    .registerFunction('outcome(string): string', outcomeOf)
    .registerFunction('opened(string): bool', (step: string) => did('opened', step))
    .registerFunction('clicked(string): bool', (step: string) => did('clicked', step))
    .registerFunction('answered(string): bool', (survey: string) => did('answered', survey))
    .registerFunction('replied(): bool', () => (asked().memory?.happened.replied ?? []).length > 0)
    .registerFunction('days_since(instant): double', (t: Instant) => (asked().now - t.at) / dayMs)
    .registerFunction('days_until(instant): double', (t: Instant) => (t.at - asked().now) / dayMs)
    .registerFunction('date(string): instant', toDate)
    .registerOperator('double % double', (a: number, b: number) => a % b)
    .registerOperator('instant < instant', (a: Instant, b: Instant) => a.at < b.at)
    .registerOperator('instant <= instant', (a: Instant, b: Instant) => a.at <= b.at)
    .registerOperator('instant > instant', (a: Instant, b: Instant) => a.at > b.at)
    .registerOperator('instant >= instant', (a: Instant, b: Instant) => a.at >= b.at)
    .registerOperator('instant == instant', (a: Instant, b: Instant) => a.at === b.at);
}

const celTypes = { text: 'string', number: 'double', boolean: 'bool', instant: 'instant' };

/** Registers the type of a record of facts, and answers how to show such a record to the library, unread. */
function createView(
  environment: Environment,
  name: string,
  types: FieldTypes,
  zone: string,
): (fields: Fields) => object {
  const nested: { [field: string]: (fields: Fields) => object } = {};
  const fields: Record<string, string> = {};
  for (const [field, type] of Object.entries(types)) {
    const any = typeof type === 'object' ? type['*'] : undefined;
    if (typeof type === 'string') fields[field] = celTypes[type];
    else if (typeof any === 'string') fields[field] = `map<string, ${celTypes[any]}>`;
    else {
      fields[field] = `${name}_${field}`;
      nested[field] = createView(environment, `${name}_${field}`, type, zone);
    }
  }
  // One class for each type: the library knows values by their constructor. Fields are looked at when asked for.
  class View extends Map<string, unknown> {
    readonly record: Fields;
    constructor(record: Fields) {
      super();
      this.record = record;
    }
    override get(field: string): unknown {
      const value = this.record[field];
      if (value === null || value === undefined) return undefined;
      if (types[field] === 'instant') return toInstant(value, zone);
      return nested[field]?.(value as Fields) ?? value;
    }
  }
  environment.registerType(name, { ctor: View, fields });
  return (record) => new View(record);
}

function toInstant(value: Json, zone: string): Instant | undefined {
  const at = typeof value === 'number' ? value : parseInstant(String(value), zone);
  return at === null ? undefined : new Instant(at);
}

/** `contact.score.fit is not known`, from where evaluation stopped. */
function tellUnknown(error: EvaluationError): string {
  const path = error.node && pathOf(error.node);
  if (error.code === 'field_type_mismatch' && path) return `${path} is of another kind than facts.yaml says`;
  return path ? `${path} is not known` : error.summary;
}

/** `contact.score.fit` of a chain of field accesses; null for anything else. */
export function pathOf(node: ASTNode): string | null {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return null;
  const left = pathOf(node.args[0]);
  return left === null ? null : `${left}.${node.args[1]}`;
}

/** The source with every integer literal written as a double, and the way back from its offsets. */
export function withDoubles(
  environment: Environment,
  source: string,
): { text: string; toSource(offset: number): number } {
  const literals: { end: number; added: number }[] = [];
  let text = source;
  let grown = 0;
  for (const node of walk(environment.parse(source).ast)) {
    if (node.op !== 'value' || typeof node.args !== 'bigint') continue;
    const written = `${node.args}.0`;
    text = text.slice(0, node.start + grown) + written + text.slice(node.end + grown);
    literals.push({ end: node.end + grown, added: written.length - (node.end - node.start) });
    grown += written.length - (node.end - node.start);
  }
  const toSource = (offset: number) =>
    offset - literals.filter(({ end }) => end < offset).reduce((sum, { added }) => sum + added, 0);
  return { text, toSource };
}

/** Every node, in the order in which it stands in the source. */
export function walk(root: ASTNode): ASTNode[] {
  const found: ASTNode[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    else if (typeof value === 'object' && value !== null && 'op' in value && 'args' in value) {
      found.push(value as ASTNode);
      visit(value.args);
    }
  };
  visit(root);
  return found.sort((a, b) => a.start - b.start);
}

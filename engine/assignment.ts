// Who gets a task, as it is written: `deal.owner`, a person, `round robin over sales`, `least loaded of sales`; and what
// is done when it is late: `remind`, `reassign`, `escalate to sales-lead`. Names are held against teams.yaml.
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import type { Assignment, Overdue } from './requests.ts';
import type { Located } from './source.ts';
import { closest, suggest } from './spelling.ts';

export interface AssignmentScope {
  readonly catalogue: Catalogue;
  readonly hasDeal: boolean;
  readonly report: Report;
}

const forms = 'write deal.owner, a person, `round robin over <team>`, or `least loaded of <team>`';

/** null where it cannot be read, which has been reported. */
export function readAssignment(at: Located, scope: AssignmentScope): Assignment | null {
  const text = String(at.value).trim().replace(/\s+/g, ' ');
  const { people, teams } = scope.catalogue;
  if (text === 'deal.owner') {
    if (!scope.hasDeal)
      scope.report(
        'no-deal',
        at,
        'this workflow runs for a contact without a deal',
        'name a person or a team',
      );
    return { to: 'owner' };
  }
  const [, way, team = ''] = /^(round robin over|least loaded of) (.+)$/.exec(text) ?? [];
  if (way !== undefined) {
    if (teams[team] === undefined)
      scope.report('unknown-team', at, `there is no team \`${team}\``, suggest(team, Object.keys(teams)));
    return { to: way.startsWith('round') ? 'turn' : 'least', team };
  }
  if (people[text] !== undefined) return { to: 'person', person: text };
  if (teams[text] !== undefined)
    scope.report(
      'unknown-team',
      at,
      `\`${text}\` is a team, and a task has one owner`,
      `write \`round robin over ${text}\` or \`least loaded of ${text}\``,
    );
  else if (/\s|\./.test(text))
    scope.report('wrong-value', at, `\`${text}\` does not say who gets the task`, forms);
  else scope.report('unknown-team', at, `nobody is called \`${text}\``, hintFor(text, Object.keys(people)));
  return null;
}

export function readOverdue(
  at: Located,
  assign: Assignment | null,
  { catalogue: { people, teams }, report }: AssignmentScope,
): Overdue | null {
  const text = String(at.value).trim().replace(/\s+/g, ' ');
  if (text === 'remind') return { is: 'remind' };
  if (text === 'reassign') {
    if (assign !== null && assign.to !== 'turn' && assign.to !== 'least')
      report(
        'wrong-value',
        at,
        'there is nobody to reassign to: the task is for one person',
        'assign it over a team, or write `escalate to <person>`',
      );
    return { is: 'reassign' };
  }
  const name = /^escalate to (.+)$/.exec(text)?.[1];
  if (name === undefined) {
    const hint = 'write remind, reassign, or escalate to <person or team>';
    report('wrong-value', at, `\`${text}\` is nothing that can be done about a late task`, hint);
    return null;
  }
  if (people[name] !== undefined) return { is: 'escalate', person: name };
  const lead = teams[name]?.lead;
  if (typeof lead === 'string') return { is: 'escalate', person: lead };
  if (teams[name] !== undefined)
    report(
      'unknown-team',
      at,
      `the team \`${name}\` has no lead`,
      'give it one in teams.yaml, or name a person',
    );
  else
    report(
      'unknown-team',
      at,
      `nobody is called \`${name}\``,
      hintFor(name, Object.keys({ ...people, ...teams })),
    );
  return null;
}

export function tellAssignment(assign: Assignment): string {
  if (assign.to === 'owner') return 'the deal’s owner';
  if (assign.to === 'person') return assign.person;
  return assign.to === 'turn' ? `the next of ${assign.team}` : `the least loaded of ${assign.team}`;
}

export function tellOverdue(overdue: Overdue): string {
  return overdue.is === 'escalate' ? `escalate to ${overdue.person}` : overdue.is;
}

function hintFor(name: string, names: readonly string[]): string {
  return closest(name, names) === null && names.length === 0
    ? 'declare people in teams.yaml'
    : (suggest(name, names) ?? forms);
}

// A drawn plan for a person: each workflow that changes, its steps, and its people in numbers. Colour only where the
// caller says that a terminal reads it.
import type { PeopleChange } from '../../engine/plan-diff.ts';
import type { Changes, WorkflowDifference } from './difference.ts';
import type { DrawnPlan } from './draw.ts';

const colours = { red: 31, green: 32, yellow: 33, bold: 1 } as const;
type Paint = (colour: keyof typeof colours, text: string) => string;

export const countOf = (n: number) => n.toLocaleString('en-US');

export function printPlan(plan: DrawnPlan, isTerminal: boolean): string {
  const paint: Paint = (colour, text) => (isTerminal ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text);
  const shown = plan.workflows.filter(isShown);
  const rest = plan.workflows.length - shown.length;
  const parts = [
    ...shown.map((one) => printWorkflow(one, paint)),
    ...[rest > 0 ? `${rest} ${rest === 1 ? 'workflow' : 'workflows'} unchanged` : []].flat(),
    ...printChanges('templates', plan.templates),
    ...printChanges('declarations', plan.declarations),
    ...plan.notes.map((note) => paint('yellow', `note: ${note}`)),
    ...plan.refusals.map(
      ({ workflow, message, hint }) => `${paint('red', 'refused')}: ${workflow}: ${message}\n     = ${hint}`,
    ),
  ];
  return `${parts.join('\n')}\n\n${tellVerdict(plan)}\n`;
}

function isEmpty({ workflows, templates, declarations }: DrawnPlan): boolean {
  const none = ({ added, edited, gone }: Changes) => added.length + edited.length + gone.length === 0;
  return (
    workflows.every(({ is, people }) => is === 'unchanged' && people.every((one) => one.is === 'stays')) &&
    none(templates) &&
    none(declarations)
  );
}

function tellVerdict(plan: DrawnPlan): string {
  if (plan.refusals.length > 0) return 'Refused: nothing can be applied until this is put right.';
  if (isEmpty(plan)) return `Nothing to change: revision ${plan.revision} is applied.`;
  return `Plan ${plan.id}, ${countOf(plan.affected)} people affected. Carry it out: voronka apply --plan ${plan.id}`;
}

function isShown({ is, people }: WorkflowDifference): boolean {
  return is !== 'unchanged' || people.some((one) => one.is !== 'stays');
}

function printWorkflow(one: WorkflowDifference, paint: Paint): string {
  const { workflow, is, isReturn, policy, steps, stopped, enterNow } = one;
  const how = isReturn ? 'an earlier version comes back' : is;
  const lines = [
    `${paint('bold', workflow)}  ${how}${is === 'edited' && policy !== null ? `; people under way: ${policy}` : ''}`,
    ...(is === 'edited'
      ? [
          ...steps.added.map((id) => paint('green', `  + ${id}`)),
          ...steps.gone.map((id) => paint('red', `  - ${id}`)),
          ...steps.renamed.map(({ from, to }) => paint('yellow', `  ~ ${from} is ${to} now`)),
          ...steps.edited.map(({ step, was, now }) => paint('yellow', `  ~ ${step}: ${tellWords(was, now)}`)),
        ]
      : []),
    ...printPeople(one),
    ...(stopped > 0 ? [`  ${countOf(stopped)} queued of steps that are gone would not leave`] : []),
    ...(enterNow > 0 ? [`  ${countOf(enterNow)} would enter now`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

const tellWords = (was: string | null, now: string | null) =>
  was === now ? `${now}, in other words` : `${was} became ${now}`;

function printPeople({ underWay, unaffected, people }: WorkflowDifference): string[] {
  if (underWay === 0) return ['  nobody is under way'];
  const leaving = people.filter(({ leave }) => leave > 0);
  const said = [...(unaffected > 0 ? [`${countOf(unaffected)} unaffected`] : []), ...people.map(tellPeople)];
  return [
    `  ${countOf(underWay)} under way: ${said.join(', ')}`,
    ...leaving.map(
      ({ leave, step, was, now }) =>
        `  ${countOf(leave)} would leave ${step} at once, because ${tellWords(was, now)}`,
    ),
  ];
}

function tellPeople({ is, step, to, people }: PeopleChange): string {
  const n = countOf(people);
  switch (is) {
    case 'renamed':
      return `${n} stand at ${step}, which is ${to} now`;
    case 'moved':
      return `${n} move from ${step} to ${to}`;
    case 'ended':
      return `${n} end as ${to}, because ${step} is gone`;
    case 'edited':
      return `${n} stand at ${to}, which is edited`;
    case 'restarted':
      return `${n} begin again from ${step}`;
    case 'stays':
      return `${n} stay on the version they are on`;
    case 'unsaid':
      return `${n} stand in ${step}, which is gone`;
    default:
      return `${n} unaffected`;
  }
}

function printChanges(what: string, { added, edited, gone }: Changes): string[] {
  const said = [
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(edited.length > 0 ? [`${edited.length} edited (${some(edited)})`] : []),
    ...(gone.length > 0 ? [`${gone.length} gone (${some(gone)})`] : []),
  ];
  return said.length > 0 ? [`${what}: ${said.join(', ')}`] : [];
}

const some = (names: readonly string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')}, ...` : names.join(', ');

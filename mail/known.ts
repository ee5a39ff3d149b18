// Which names a template may print: the facts about contact and deal, and what every mail has of its own; and which of
// the facts it prints it cannot do without.
import type { FieldTypes } from '../engine/catalogue.ts';
import { suggest } from '../engine/spelling.ts';
import type { Report } from './codes.ts';
import { formPath, scalePath } from './template.ts';
import type { Variable } from './variables.ts';

export interface KnownFacts {
  readonly contact: FieldTypes;
  readonly deal: FieldTypes;
  /** Names of the forms that are declared; left out or none: any may be. */
  readonly forms?: readonly string[];
}

/** What a mail has beside the facts. */
export const OWN: Readonly<Record<string, readonly string[]>> = {
  identity: ['name', 'email', 'replyTo', 'company', 'address', 'logo'],
  links: ['unsubscribe', 'preferences', 'confirm', 'task', 'survey', 'form'],
  // Of the mails about tasks and surveys alone; empty in others.
  task: ['title', 'notes', 'due', 'notice', 'owner', 'to'],
  survey: ['question', 'low', 'high', 'reminder'],
  locale: [],
};
/** Facts that are never empty. */
const ALWAYS = new Set(['contact.id', 'contact.email', 'deal.id', 'deal.pipeline', 'deal.stage']);

/** Reports what nobody has, and what may be empty. Answers the facts the template cannot do without, and the links of its own that it has. */
export function checkVariables(
  variables: readonly Variable[],
  facts: KnownFacts | undefined,
  report: Report,
): string[] {
  const needs = new Set<string>();
  for (const { path, place, isSafe } of variables) {
    const known = namesBeside(path, facts);
    if (known !== null) {
      report('template-variable', place, `There is no {{ ${path} }}`, suggest(path, known));
      continue;
    }
    if (path === scalePath || path === formPath) needs.add(path);
    if (isSafe || ALWAYS.has(path) || !/^(contact|deal)\./.test(path)) continue;
    needs.add(path);
    report(
      'template-default',
      place,
      `${path} may be empty`,
      `{{ ${path} | default: "..." }}, or put it inside {% if ${path} %}`,
    );
  }
  return [...needs].sort();
}

/** null: the path is known. Otherwise the names that could have stood there. */
function namesBeside(path: string, facts: KnownFacts | undefined): string[] | null {
  const [root = '', ...rest] = path.split('.');
  if (root === 'contact' || root === 'deal')
    return facts === undefined ? null : walk(facts[root], rest, root);
  const own = OWN[root];
  if (own === undefined) return ['contact.…', 'deal.…', ...Object.keys(OWN)];
  const name = rest[0];
  return name === undefined || own.includes(name) ? null : own.map((one) => `${root}.${one}`);
}

function walk(types: FieldTypes, path: readonly string[], trail: string): string[] | null {
  const [name, ...rest] = path;
  if (name === undefined) return null;
  const type = types[name] ?? types['*'];
  if (type === undefined) return Object.keys(types).map((one) => `${trail}.${one}`);
  return typeof type === 'string' ? null : walk(type, rest, `${trail}.${name}`);
}

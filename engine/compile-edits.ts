// What a workflow says of its own edit: the policy for people under way, and what became of the steps that it no longer
// has. Whether somebody stands on such a step only the ledger knows; here it is seen that the words lead somewhere.
import { childOf } from './compile-rules.ts';
import type { Plan } from './plan.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import type { CompileContext } from './step.ts';

type Edits = Pick<Plan, 'inFlight' | 'renamed' | 'removed'>;
type EditScope = Pick<CompileContext, 'steps' | 'report'>;

const policies: readonly Plan['inFlight'][] = ['migrate', 'pin', 'drain', 'restart'];
const fates = ['continue', 'exit'];

export function compileEdits(root: Located, scope: EditScope): Edits {
  const said = childOf(root, 'in_flight')?.value;
  const [renamed, removed] = [childOf(root, 'renamed'), childOf(root, 'removed')];
  for (const [old, { key }] of removed?.keys ?? [])
    if (renamed?.keys.has(old))
      scope.report(
        'wrong-value',
        key,
        `\`${old}\` is renamed above`,
        'a step is renamed or removed, not both',
      );
  return {
    inFlight: policies.find((policy) => policy === said) ?? 'migrate',
    renamed: readEdits(renamed, [], scope),
    removed: readEdits(removed, fates, scope),
  };
}

/** Old ids to where they lead: a step of this file, or one of the words. */
function readEdits(
  at: Located | undefined,
  words: readonly string[],
  { steps, report }: EditScope,
): { readonly [old: string]: string } {
  const ids = steps.map(({ id }) => id);
  const edits: Record<string, string> = {};
  for (const [old, { key, value }] of at?.keys ?? []) {
    if (typeof value.value !== 'string') continue;
    if (ids.includes(old))
      report('wrong-value', key, `\`${old}\` is a step of this file`, 'name a step that it no longer has');
    if (!ids.includes(value.value) && !words.includes(value.value)) {
      const message = `no step here has the id \`${value.value}\``;
      report('unknown-step', value, message, suggest(value.value, [...words, ...ids]));
    }
    edits[old] = value.value;
  }
  return edits;
}

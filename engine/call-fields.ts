// The fields of a call's body as they are written: text that is the path of a fact is that fact, anything else is as it
// stands. A path that begins like a fact and is none is a mistake, not a text.
import type { FieldTypes } from './catalogue.ts';
import type { CallField } from './requests.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import type { CompileContext } from './step.ts';

const path = /^(contact|deal)(\.[a-z][A-Za-z0-9_-]*)+$/;

export function readCallFields(
  at: Located | undefined,
  context: CompileContext,
): { [name: string]: CallField } {
  const fields: { [name: string]: CallField } = {};
  for (const [name, { value: place }] of at?.keys ?? []) {
    const value = place.value as string | number | boolean;
    const isFact = typeof value === 'string' && path.test(value);
    fields[name] = isFact ? { fact: value } : { value };
    if (isFact) checkFact(value, place, context);
  }
  return fields;
}

function checkFact(fact: string, at: Located, { catalogue, hasDeal, report }: CompileContext): void {
  const [owner = '', ...names] = fact.split('.');
  let types: FieldTypes | string | undefined = catalogue.facts[owner as 'contact' | 'deal'];
  for (const name of names) types = typeof types === 'object' ? (types[name] ?? types['*']) : undefined;
  if (typeof types !== 'string') {
    const known = Object.keys(catalogue.facts[owner as 'contact' | 'deal']).map((one) => `${owner}.${one}`);
    report('unknown-fact', at, `there is no fact \`${fact}\``, suggest(fact, known));
  } else if (owner === 'deal' && !hasDeal)
    report('no-deal', at, 'this workflow runs for a contact without a deal');
}

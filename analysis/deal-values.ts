// A deal and its contact as a case of the predictive score: the same fields by the same names when the model learns and
// when it is asked. What is of another kind than it was declared counts as missing.
import type { Field, Value, Values } from './columns.ts';

interface Known {
  readonly contact: { readonly [field: string]: unknown };
  readonly deal: { readonly [field: string]: unknown } | null;
}

const kinds = { number: 'number', text: 'string', boolean: 'boolean' } as const;

/** Names are paths: `deal.amount`, `contact.employees`. */
export function valuesOf(fields: readonly Field[], known: Known): Values {
  return Object.fromEntries(fields.map(({ name, type }) => [name, valueAt(name, kinds[type], known)]));
}

function valueAt(path: string, kind: string, known: Known): Value {
  const [owner, name = ''] = path.split('.');
  const value = (owner === 'deal' ? known.deal : known.contact)?.[name];
  return typeof value === kind ? (value as Value) : null;
}

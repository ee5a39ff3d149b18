// The types of facts as a marketer says them, for whatever compares a value with what facts.yaml declares.
import type { FieldType } from './catalogue.ts';

export const kindWords: { readonly [type: string]: string } = {
  text: 'text',
  number: 'a number',
  boolean: 'yes or no',
  instant: 'an instant',
} satisfies Record<FieldType, string>;

/** A value as it is written, and what it is: `"12" is text`. */
export function tellValue(value: unknown): string {
  const type = typeof value === 'string' ? 'text' : typeof value;
  return `${JSON.stringify(value)} is ${kindWords[type] ?? 'neither'}`;
}

// Fields of a case to columns of a regression, and back to words. Numbers are centred and scaled, skewed ones get their
// logarithm beside them; texts become one column per frequent value; what is missing is a column of its own, because
// that a rep left a field empty often says more than the field. The encoding is plain data, stored with the model.
import type { Design } from './logistic.ts';
import { addMoment, noMoments } from './stats.ts';

export type Value = number | string | boolean | null;
export interface Field {
  readonly name: string;
  readonly type: 'number' | 'text' | 'boolean';
}
export type Values = { readonly [field: string]: Value };

/** One column: what it reads of a field, numbers less `centre` and over `scale`. `centre` is the average of what is read. */
export interface Column {
  readonly field: string;
  readonly reads: 'number' | 'logarithm' | 'missing' | 'equals';
  /** For 'equals'. */
  readonly value: string | null;
  readonly centre: number;
  readonly scale: number;
}

/** A text's value gets a column when at least this many cases, and one in a hundred, have it. */
const FEWEST_OF_VALUE = 20;

export function columnsOf(fields: readonly Field[], cases: readonly Values[]): Column[] {
  return fields.flatMap((field) => {
    const present = cases.map((values) => values[field.name] ?? null);
    const missing = present.filter((value) => value === null).length;
    const columns =
      field.type === 'number' ? numberColumns(field.name, present) : valueColumns(field.name, present);
    if (missing >= FEWEST_OF_VALUE && missing < present.length)
      columns.push({
        field: field.name,
        reads: 'missing',
        value: null,
        centre: missing / present.length,
        scale: 1,
      });
    return columns;
  });
}

function numberColumns(field: string, present: readonly Value[]): Column[] {
  const numbers = present.filter((value): value is number => typeof value === 'number');
  const plain = spreadOf(numbers);
  if (plain.scale === 0) return [];
  const columns: Column[] = [
    { field, reads: 'number', value: null, centre: plain.centre, scale: plain.scale },
  ];
  if (plain.skewness > 2 && numbers.every((x) => x >= 0)) {
    const { centre, scale } = spreadOf(numbers.map(Math.log1p));
    columns.push({ field, reads: 'logarithm', value: null, centre, scale });
  }
  return columns;
}

function valueColumns(field: string, present: readonly Value[]): Column[] {
  const counts = new Map<string, number>();
  for (const value of present)
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const fewest = Math.max(FEWEST_OF_VALUE, present.length / 100);
  const frequent = [...counts].filter(([, count]) => count >= fewest).sort(([a], [b]) => (a < b ? -1 : 1));
  // With two values and nothing else one column says it all.
  const enough = frequent.length === counts.size && counts.size <= 2 ? frequent.slice(1) : frequent;
  return enough.map(([value, count]) => ({
    field,
    reads: 'equals',
    value,
    centre: count / present.length,
    scale: 1,
  }));
}

function spreadOf(numbers: readonly number[]): { centre: number; scale: number; skewness: number } {
  const moments = noMoments();
  for (const x of numbers) addMoment(moments, x);
  const { n, mean, m2, m3 } = moments;
  const scale = n > 1 ? Math.sqrt(m2 / (n - 1)) : 0;
  return { centre: mean, scale, skewness: scale > 0 ? m3 / n / scale ** 3 : 0 };
}

/** How far a case lies from the average in this column: what an explanation counts from. */
export function deviationOf(column: Column, values: Values): number {
  const isFlag = column.reads === 'missing' || column.reads === 'equals';
  return readColumn(column, values) - (isFlag ? column.centre : 0);
}

/** Flags are 0 or 1, so that most of a row is 0. A missing number reads as the average: only its own column speaks. */
function readColumn({ field, reads, value, centre, scale }: Column, values: Values): number {
  const raw = values[field] ?? null;
  if (reads === 'missing') return raw === null ? 1 : 0;
  if (reads === 'equals') return raw !== null && String(raw) === value ? 1 : 0;
  if (typeof raw !== 'number') return 0;
  return ((reads === 'logarithm' ? Math.log1p(Math.max(0, raw)) : raw) - centre) / scale;
}

export function designOf(columns: readonly Column[], cases: readonly Values[]): Design {
  const x = new Float64Array(cases.length * columns.length);
  cases.forEach((values, i) => {
    columns.forEach((column, j) => {
      x[i * columns.length + j] = readColumn(column, values);
    });
  });
  return { rows: cases.length, columns: columns.length, x };
}

// The map of an import as it stands in its file: read, held against its shape and against what is applied. Everything
// that is wrong is said at once, with line and caret, before the first row is read.
import { readFileSync } from 'node:fs';
import { findPipeline } from '../../db/event-input.ts';
import { isZone, parseInstant } from '../../engine/calendar-zone.ts';
import type { Catalogue } from '../../engine/catalogue.ts';
import {
  collector,
  type Diagnostic,
  printDiagnostics,
  type Report,
  settle,
} from '../../engine/diagnostic.ts';
import { checkShape } from '../../engine/shape.ts';
import { type Located, readSource } from '../../engine/source.ts';
import { closest } from '../../engine/spelling.ts';
import { complaint } from '../streams.ts';
import { type Cell, type ImportMap, importMaps } from './map.ts';

export function readMap(path: string, kind: ImportMap['import'], catalogue: Catalogue): ImportMap {
  const file = { path, text: readFileSync(path, 'utf8') };
  const found: Diagnostic[] = [];
  const report = collector(found);
  const { root, refusals } = readSource(file);
  for (const { code, place, message, hint } of refusals) report(code, place, message, hint);
  const map = root === null ? null : readRoot(root, kind, catalogue, report);
  if (found.length > 0) throw complaint(2, printDiagnostics(settle(found, [file]), [file]));
  if (map === null) throw complaint(2, `${path} is empty: it begins with \`import: ${kind}\`.`);
  return map;
}

function readRoot(root: Located, kind: ImportMap['import'], catalogue: Catalogue, report: Report) {
  const said = root.keys.get('import')?.value;
  if (said !== undefined && said.value !== kind) {
    report('wrong-value', said, `this map is of ${said.value}`, `voronka import ${said.value}`);
    return null;
  }
  const map: ImportMap | undefined = checkShape(importMaps[kind], root, report)?.source;
  if (map === undefined) return null;
  const at = (key: string) => root.keys.get(key)?.value ?? root;
  if (!isZone(map.timezone))
    report('wrong-value', at('timezone'), `\`${map.timezone}\` is no IANA time zone`);
  if (map.as_of !== undefined && parseInstant(map.as_of, 'UTC') === null)
    report('wrong-value', at('as_of'), `\`${map.as_of}\` is no day`, 'write 2026-12-31');
  if (map.import === 'deals') checkStages(map, root, catalogue, report);
  return map;
}

/** A stage that no pipeline has would refuse every row that reached it. */
function checkStages(
  map: Extract<ImportMap, { import: 'deals' }>,
  root: Located,
  { pipelines }: Catalogue,
  report: Report,
) {
  const { pipeline } = map.deal;
  const fixed = typeof pipeline === 'object' && pipeline.value !== undefined ? String(pipeline.value) : null;
  if (fixed === null && (pipeline !== undefined || pipelines.length !== 1)) return;
  const places = root.keys.get('stages')?.value.items ?? [];
  map.stages.forEach(({ stage }, i) => {
    const refusal = findPipeline(
      { id: '-', stage, ...(fixed === null ? {} : { pipeline: fixed }) },
      null,
      pipelines,
    );
    const place = places[i]?.keys.get('stage')?.value ?? root;
    if (typeof refusal !== 'string') report('wrong-value', place, refusal.reason);
  });
}

/** Throws with every column that the map names and the file lacks. */
export function checkColumns(map: ImportMap, header: readonly string[], path: string): void {
  const missing = [...new Set(columnsOf(map))].filter((column) => !header.includes(column));
  if (missing.length === 0) return;
  const lines = missing.map((column) => {
    const near = closest(column, header);
    return `  ${column}${near === null ? '' : `: did you mean ${near}?`}`;
  });
  throw complaint(
    2,
    `${path} has no column of these names:\n${lines.join('\n')}\nIt has ${header.join(', ')}.`,
  );
}

function columnsOf(map: ImportMap): string[] {
  const of = (cell: Cell, field: string) =>
    typeof cell === 'string' ? [cell] : cell.value === undefined ? [cell.column ?? field] : [];
  const all = (fields: Readonly<Record<string, Cell>> = {}) =>
    Object.entries(fields).flatMap(([field, cell]) => of(cell, field));
  if (map.import === 'contacts') return [...all(map.contact), ...(map.at === undefined ? [] : [map.at])];
  if (map.import === 'events')
    return [
      ...of(map.id, 'id'),
      ...of(map.type, 'type'),
      map.at,
      ...all(map.contact),
      ...all(map.deal),
      ...all(map.data),
    ];
  const stages = map.stages.flatMap((rule) => [rule.at, ...Object.keys(rule.only_if)]);
  return [...all(map.contact), ...all(map.deal), ...stages];
}

// A report for the terminal, as JSON, and as CSV: all from the same value.
import Table from 'cli-table3';
import { toCsv } from '../csv.ts';
import { plainTable } from '../tables.ts';
import type { Report, ReportChart, Section } from './report.ts';

const [longestBar, longestLabel] = [36, 28];

/** `width` in letters: a wider table is cut between columns, and its parts stand under each other. */
export function toText(reports: readonly Report[], width = Number.POSITIVE_INFINITY): string {
  return reports.map((report) => tellReport(report, width)).join('\n\n');
}

function tellReport({ title, about, sections }: Report, width: number): string {
  return [`${title}: ${about}`, ...sections.map((one) => tellSection(one, width))].join('\n\n').concat('\n');
}

function tellSection({ title, said, columns, rows, chart }: Section, width: number): string {
  const parts = rows.length === 0 ? [] : cutColumns(columns, rows, width);
  const tables = parts.map((part) => tellTable(columns, rows, part));
  return [[title, ...said].join('\n'), ...tables, ...tellBars(chart, width)].join('\n\n');
}

/** The first column stands in every part. */
function cutColumns(columns: Section['columns'], rows: Section['rows'], width: number): number[][] {
  const widths = columns.map(
    (name, c) => 2 + Math.max(name.length, ...rows.map((row) => row[c]?.text.length ?? 0)),
  );
  const parts: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  columns.forEach((name, c) => {
    if (c === 0) return;
    // An interval is not torn from its figure.
    const own = (widths[c] ?? 0) + (columns[c + 1] === '95 %' ? (widths[c + 1] ?? 0) : 0);
    if (parts.length === 0 || (used + own > width && name !== '95 %')) {
      parts.push([0]);
      used = widths[0] ?? 0;
    }
    parts.at(-1)?.push(c);
    used += widths[c] ?? 0;
  });
  return parts.length === 0 ? [[0]] : parts;
}

function tellTable(columns: Section['columns'], rows: Section['rows'], shown: readonly number[]): string {
  const table = new Table({
    ...plainTable,
    head: shown.map((c) => columns[c] ?? ''),
    colAligns: shown.map((c) =>
      c === 0 || rows.some((row) => typeof row[c]?.value === 'string') ? 'left' : 'right',
    ),
  });
  for (const row of rows) table.push(shown.map((c) => row[c]?.text ?? ''));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function tellBars(chart: ReportChart | null, width: number): string[] {
  if (chart === null) return [];
  const bars = barsOf(chart);
  if (bars.length === 0) return [];
  const most = Math.max(...bars.map(({ value }) => value ?? 0), 0) || 1;
  const labels = Math.min(longestLabel, Math.max(...bars.map(({ label }) => label.length)));
  const room = width - labels - 4 - Math.max(...bars.map(({ text }) => text.length));
  const longest = Math.max(4, Math.min(longestBar, room));
  const lines = bars.map(({ label, value, text }) => {
    const length = value === null || value <= 0 ? 0 : Math.max(1, Math.round((longest * value) / most));
    return `${label.slice(0, labels).padEnd(labels)}  ${'█'.repeat(length).padEnd(longest)}  ${text}`;
  });
  return [[chart.chart.title, ...lines].join('\n')];
}

/** What a chart shows, as bars that letters can draw. */
function barsOf(chart: ReportChart): { label: string; value: number | null; text: string }[] {
  switch (chart.kind) {
    case 'bars':
      return chart.chart.bars.map(({ label, value, text }) => ({ label, value, text }));
    case 'funnel':
      return chart.chart.stages.map(({ label, count, text = String(count) }) => ({
        label,
        value: count,
        text,
      }));
    case 'nps':
      return chart.chart.answers.map((n, answer) => ({ label: String(answer), value: n, text: String(n) }));
    case 'lines':
      return [];
  }
}

/** Figures by column; texts only where the figure is one. */
export function toJson(reports: readonly Report[]): string {
  const shown = reports.map(({ title, about, sections }) => ({
    title,
    about,
    sections: sections.map(({ title, said, columns, rows }) => ({
      title,
      said,
      columns,
      rows: rows.map((row) => row.map(({ value }) => value)),
    })),
  }));
  return `${JSON.stringify(shown.length === 1 ? shown[0] : shown, null, 2)}\n`;
}

/** One under the other, an empty line between them. */
export function toTables(reports: readonly Report[]): string {
  return reports.map(tabulate).join('\r\n');
}

function tabulate({ sections }: Report): string {
  const isOne = sections.length === 1;
  const isNew = (i: number) => sections[i]?.columns.join() !== sections[i - 1]?.columns.join();
  return toCsv(
    sections.flatMap(({ title, columns, rows }, i) => [
      // Sections of another kind follow after an empty line, under their own head.
      ...(i > 0 && isNew(i) ? [[]] : []),
      ...(isNew(i) ? [isOne ? columns : ['group', ...columns]] : []),
      ...rows.map((row) => [...(isOne ? [] : [title]), ...row.map(({ value }) => value)]),
    ]),
  );
}

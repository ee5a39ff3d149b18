// A report for the terminal, as JSON, and as CSV: all from the same value.
import Table from 'cli-table3';
import { toCsv } from '../csv.ts';
import { plainTable } from '../tables.ts';
import type { Report, ReportChart, Section } from './report.ts';

const [barWidth, labelWidth] = [36, 28];

export function toText(reports: readonly Report[]): string {
  return reports.map(tellReport).join('\n\n');
}

function tellReport({ title, about, sections }: Report): string {
  return [`${title}: ${about}`, ...sections.map(tellSection)].join('\n\n').concat('\n');
}

function tellSection({ title, said, columns, rows, chart }: Section): string {
  const table = new Table({
    ...plainTable,
    head: [...columns],
    colAligns: columns.map((_, i) =>
      i === 0 || rows.some((row) => typeof row[i]?.value === 'string') ? 'left' : 'right',
    ),
  });
  for (const row of rows) table.push(row.map((cell) => cell.text));
  const trimmed = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
  return [`${title}\n${said.join('\n')}`, ...(rows.length > 0 ? [trimmed] : []), ...tellBars(chart)].join(
    '\n\n',
  );
}

function tellBars(chart: ReportChart | null): string[] {
  if (chart === null) return [];
  const bars = barsOf(chart);
  const most = Math.max(...bars.map(({ value }) => value ?? 0), 0) || 1;
  const lines = bars.map(({ label, value, text }) => {
    const length = value === null || value <= 0 ? 0 : Math.max(1, Math.round((barWidth * value) / most));
    return `${label.slice(0, labelWidth).padEnd(labelWidth)}  ${'█'.repeat(length).padEnd(barWidth)}  ${text}`;
  });
  return bars.length === 0 ? [] : [[chart.chart.title, ...lines].join('\n')];
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

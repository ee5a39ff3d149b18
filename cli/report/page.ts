// A report as one page that stands alone: no script, nothing from outside, light and dark as the reader's system is. Each
// chart is drawn twice, wide and narrow, because a scaled one cannot be read on a phone; under it stands its table.

import { escapeText } from '../../analysis/chart.ts';
import { drawChart } from './draw.ts';
import type { Report, ReportChart, Section } from './report.ts';
import type { ReportWords } from './wording.ts';

const [wide, narrow] = [990, 328];
/** A column of longer texts than these letters breaks its lines; figures and intervals never do. */
const longest = 28;

const style = `
:root { color-scheme: light dark; --ground: #f3f5f8; --panel: #fff; --text: #1a1d21; --muted: #59626e; --line: #e2e6eb; --link: #1d4f96; }
@media (prefers-color-scheme: dark) { :root { --ground: #0b0d10; --panel: #15181c; --text: #eef1f4; --muted: #a7b0bb; --line: #2d333b; --link: #8cbcff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; } h2, h3 { font-size: 1.15rem; margin: 0 0 8px; }
h2.report { font-size: 1.4rem; margin: 36px 0 0; } nav { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 8px 0 0; }
nav a { color: var(--link); padding: 8px 0; } a:focus-visible, .table:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.about { color: var(--muted); margin: 4px 0 20px; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 20px 24px; margin: 0 0 16px; overflow: hidden; }
section p { margin: 0 0 8px; max-width: 70ch; }
figure { margin: 8px -16px; } svg { display: block; max-width: 100%; height: auto; } .narrow { display: none; }
.table { overflow-x: auto; } table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child, .text { text-align: left; } td.long { white-space: normal; min-width: 14em; }
th:first-child { position: sticky; left: 0; background: var(--panel); }
th { color: var(--muted); font-weight: 600; } th[scope=row] { color: var(--text); }
@media (max-width: 600px) {
  main { padding: 16px 8px 32px; } section { padding: 16px; } h1, h2.report, .about, nav { padding: 0 8px; }
  .wide { display: none; } .narrow { display: block; }
}
@media print { body { background: #fff; } section { break-inside: avoid; } }
`;

/** One report, or several under each other with a list of them on top. */
export function toPage(reports: readonly Report[], tell: ReportWords): string {
  const [first] = reports;
  const isOne = reports.length === 1;
  const title = isOne ? (first?.title ?? '') : tell.reports;
  const about = isOne ? (first?.about ?? '') : '';
  const links = reports.map((one, i) => `<a href="#report-${i}">${escapeText(one.title)}</a>`).join('');
  const body = isOne
    ? reports.map(({ sections }) => sections.map((one) => drawSection(one, 'report', 2)).join('\n'))
    : reports.map(
        (one, i) =>
          `<h2 class="report" id="report-${i}">${escapeText(one.title)}</h2><p class="about">${escapeText(one.about)}</p>` +
          one.sections.map((section) => drawSection(section, `report-${i}`, 3)).join('\n'),
      );
  return `<!doctype html>
<html lang="${tell.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title><style>${style}</style></head>
<body><main><h1>${escapeText(title)}</h1>${isOne ? `<p class="about">${escapeText(about)}</p>` : `<nav>${links}</nav>`}
${body.join('\n')}
</main></body></html>
`;
}

function drawSection(section: Section, place: string, level: 2 | 3): string {
  const { title, said, chart } = section;
  const figure =
    chart === null
      ? ''
      : `<figure><div class="wide">${drawChart(chart, frameOf(chart, `${place}-wide`, wide))}</div><div class="narrow">${drawChart(chart, frameOf(chart, `${place}-narrow`, narrow))}</div></figure>`;
  const sentences = said.map((one) => `<p>${escapeText(one)}</p>`).join('');
  return `<section><h${level}>${escapeText(title)}</h${level}>${sentences}${figure}${drawTable(section)}</section>`;
}

const frameOf = ({ chart }: ReportChart, place: string, width: number) =>
  ({ id: `${chart.id}-${place}`, width, theme: 'auto' }) as const;

function drawTable({ title, columns, rows }: Section): string {
  if (rows.length === 0) return '';
  const isText = columns.map((_, i) => rows.some((row) => typeof row[i]?.value === 'string'));
  const isLong = columns.map((_, i) => rows.some((row) => (row[i]?.text.length ?? 0) > longest));
  const mark = (i: number) => (isText[i] ? ` class="text${isLong[i] ? ' long' : ''}"` : '');
  const head = columns.map((name, i) => `<th scope="col"${mark(i)}>${escapeText(name)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map(({ text }, i) =>
      i === 0
        ? `<th scope="row" class="text">${escapeText(text)}</th>`
        : `<td${mark(i)}>${escapeText(text)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="table" role="region" aria-label="${escapeText(title)}" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

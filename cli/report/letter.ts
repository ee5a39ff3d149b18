// Reports as a mail: for each its sentences, the picture of its chart with what it says as alternative text, and its table;
// the text part has them as the terminal shows them. Without pictures where none can be drawn. Styles stand on the
// elements, because that is all that mail programs keep.
import { escapeText } from '../../analysis/chart.ts';
import type { Picture } from '../../mail/message.ts';
import type { WrittenReport } from '../../mail/report-letter.ts';
import { openPainter } from './png.ts';
import { toText } from './print.ts';
import type { Report, Section } from './report.ts';
import type { ReportWords } from './wording.ts';

const font = "font-family:'DejaVu Sans',Verdana,Arial,sans-serif";
/** The name of such columns, in every language. */
const interval = '95 %';
/** Of the text part, in letters. */
const textWidth = 78;
const cellStyle = 'padding:6px 8px 6px 0;border-bottom:1px solid #e2e6eb;vertical-align:top;text-align:';

export async function writeLetter(reports: readonly Report[], tell: ReportWords): Promise<WrittenReport> {
  const paint = await openPainter();
  const pictures: Picture[] = [];
  const bodies = reports.map((report, r) => {
    const sections = report.sections.map((section, s) => {
      const { chart } = section;
      const cid = `chart-${r}-${s}`;
      if (paint === null || chart === null) return drawSection(section, '');
      pictures.push({ cid, png: paint(chart) });
      const alt = `${chart.chart.title}. ${chart.chart.description}`;
      return drawSection(
        section,
        `<img src="cid:${cid}" width="560" alt="${escapeText(alt)}" style="display:block;width:100%;max-width:560px;height:auto;border:0">`,
      );
    });
    return (
      `<h2 style="font-size:20px;line-height:1.3;margin:32px 0 0">${escapeText(report.title)}</h2>` +
      `<p style="margin:2px 0 12px;color:#59626e;font-size:14px">${escapeText(report.about)}</p>${sections.join('')}`
    );
  });
  const subject = tell.letter.subject;
  const html =
    `<!doctype html><html lang="${tell.lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<meta name="color-scheme" content="light"><title>${escapeText(subject)}</title></head>` +
    `<body style="margin:0;background:#f3f5f8"><div style="max-width:640px;margin:0 auto;padding:20px;background:#ffffff;color:#1a1d21;${font};font-size:15px;line-height:1.5">` +
    `<h1 style="font-size:24px;line-height:1.2;margin:0">${escapeText(subject)}</h1>${bodies.join('')}` +
    `<p style="margin:32px 0 0;color:#59626e;font-size:14px">${escapeText(tell.letter.why)}</p></div></body></html>`;
  const text = `${subject}\n\n${toText(reports, textWidth)}\n${tell.letter.why}\n`;
  return { subject, html, text, pictures };
}

function drawSection({ title, said, columns, rows }: Section, picture: string): string {
  const sentences = said.map((one) => `<p style="margin:0 0 8px">${escapeText(one)}</p>`).join('');
  const body = rows.length > 0 ? drawTable(columns, rows) : '';
  return `<h3 style="font-size:16px;margin:20px 0 8px">${escapeText(title)}</h3>${sentences}${picture}${body}`;
}

/** An interval stands under its figure: a mail is narrow, and cannot be scrolled sideways everywhere. */
function drawTable(columns: Section['columns'], rows: Section['rows']): string {
  const shown = columns.map((_, c) => c).filter((c) => columns[c] !== interval);
  const align = (c: number) =>
    c === 0 || rows.some((row) => typeof row[c]?.value === 'string') ? 'left' : 'right';
  const head = shown.map(
    (c) =>
      `<th scope="col" style="${cellStyle}${align(c)};color:#59626e;font-weight:600">${escapeText(columns[c] ?? '')}</th>`,
  );
  const body = rows.map((row) => {
    const cells = shown.map((c) => {
      const between = columns[c + 1] === interval ? (row[c + 1]?.text ?? '-') : '-';
      const under =
        between === '-'
          ? ''
          : `<br><span style="color:#59626e;white-space:nowrap">${escapeText(between)}</span>`;
      return `<td style="${cellStyle}${align(c)}">${escapeText(row[c]?.text ?? '')}${under}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:14px;width:100%"><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

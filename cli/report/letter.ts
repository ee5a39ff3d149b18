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
const cellStyle = 'padding:6px 12px 6px 0;border-bottom:1px solid #e2e6eb;text-align:';

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
        `<img src="cid:${cid}" width="600" alt="${escapeText(alt)}" style="display:block;width:100%;max-width:600px;height:auto;border:0">`,
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
  const text = `${subject}\n\n${toText(reports)}\n${tell.letter.why}\n`;
  return { subject, html, text, pictures };
}

function drawSection({ title, said, columns, rows }: Section, picture: string): string {
  const sentences = said.map((one) => `<p style="margin:0 0 8px">${escapeText(one)}</p>`).join('');
  const align = (c: number) =>
    c === 0 || rows.some((row) => typeof row[c]?.value === 'string') ? 'left' : 'right';
  const head = columns.map(
    (name, c) =>
      `<th scope="col" style="${cellStyle}${align(c)};color:#59626e;font-weight:600">${escapeText(name)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = row.map(({ text }, c) => `<td style="${cellStyle}${align(c)}">${escapeText(text)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  const table = `<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:14px;width:100%"><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
  return `<h3 style="font-size:16px;margin:20px 0 8px">${escapeText(title)}</h3>${sentences}${picture}${rows.length > 0 ? table : ''}`;
}

// A chart as a picture, for mails: their readers show no SVG. Drawn with a font of our own, because a slim container has
// none. Where the drawing library is not installed (it is optional) there are no pictures, and the tables say it all.
import { createRequire } from 'node:module';
import { drawChart } from './draw.ts';
import type { ReportChart } from './report.ts';

/** Narrow, so that its letters can still be read where a phone makes it smaller. */
const width = 440;
const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/** PNG, three times as fine as it is drawn; null: this install draws none. */
export async function openPainter(): Promise<((chart: ReportChart) => Buffer) | null> {
  const { resolve } = createRequire(import.meta.url);
  const resvg = await import('@resvg/resvg-js').catch((error: unknown) => {
    if (error instanceof Error && /Cannot find|ERR_MODULE_NOT_FOUND/.test(`${error.message}`)) return null;
    throw error;
  });
  if (resvg === null) return null;
  const fontFiles = fonts.map((name) => resolve(`dejavu-fonts-ttf/ttf/${name}`));
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
  return (chart) => {
    const svg = drawChart(chart, { id: chart.chart.id, width, theme: 'light' });
    const plain = svg.replace(/font-family="[^"]*"/, 'font-family="DejaVu Sans"');
    return new resvg.Resvg(plain, { fitTo: { mode: 'zoom', value: 3 }, font }).render().asPng();
  };
}

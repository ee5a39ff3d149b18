// A chart of a report by its kind, as SVG.
import type { ChartFrame } from '../../analysis/chart.ts';
import { drawBars } from '../../analysis/chart-bars.ts';
import { drawFunnel } from '../../analysis/chart-funnel.ts';
import { drawLines } from '../../analysis/chart-line.ts';
import { drawNps } from '../../analysis/chart-nps.ts';
import type { ReportChart } from './report.ts';

export function drawChart(
  drawn: ReportChart,
  frame: Required<Pick<ChartFrame, 'id' | 'width' | 'theme'>>,
): string {
  switch (drawn.kind) {
    case 'bars':
      return drawBars({ ...drawn.chart, ...frame });
    case 'funnel':
      return drawFunnel({ ...drawn.chart, ...frame });
    case 'lines':
      return drawLines({ ...drawn.chart, ...frame });
    case 'nps':
      return drawNps({ ...drawn.chart, ...frame });
  }
}

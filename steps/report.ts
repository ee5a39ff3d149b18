// report: mails the figures of the funnel to the contact, who is a colleague here: pictures of the charts with their tables.
// It goes the way of every mail, so that it is sent once, whatever dies meanwhile; the figures are those of when it leaves.
import { z } from 'zod';
import { createEffect } from '../engine/effect.ts';
import { reportNames } from '../engine/report-names.ts';
import type { ReportRequest } from '../engine/requests.ts';
import { type Delivery, defineStep } from '../engine/step.ts';

export const report = defineStep({
  verb: 'report',
  shape: z.strictObject({
    report: z
      .array(z.enum(reportNames))
      .min(1, 'must name a report')
      .describe('Which reports, in this order: `[funnel, stages, forecast, nps]`.'),
  }),
  doc: {
    text: 'Mails the figures of the funnel, as `voronka report` tells them, to the contact: charts as pictures, each with its table, in the contact’s language. For colleagues: `voronka report weekly --to olga` puts a person of teams.yaml into the workflow that sends it.',
    example:
      '- id: monday\n  wait_until: monday 09:00\n- id: figures\n  report: [funnel, stages, forecast, nps]\n',
  },

  compile(source) {
    return { params: { reports: source.report }, traits: { label: `report ${source.report.join(', ')}` } };
  },

  decide(view) {
    const { reports } = view.params;
    // A report of last week is no use: it is given up before the next one.
    const lifetimeMs = 2 * 86_400_000;
    const wish = {
      payload: { reports },
      topic: null,
      dueAt: view.now,
      toContact: false,
      lifetimeMs,
    } as const;
    return { go: 'on', effects: [createEffect(view, wish)], why: `mails the reports ${reports.join(', ')}` };
  },

  perform(delivery, io) {
    return io.report(requestOf(delivery));
  },
});

function requestOf({ id, payload }: Delivery): ReportRequest {
  if (typeof payload === 'object' && payload !== null && 'reports' in payload)
    return payload as unknown as ReportRequest;
  throw new Error(`delivery ${id} asks for no report`);
}

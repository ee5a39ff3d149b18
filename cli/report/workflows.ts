// What each workflow did: who entered, who reached its goal, and whether that is more than those held out by chance.
import { type Lift, liftOf } from '../../analysis/lift.ts';
import { shareOf } from '../../analysis/stats.ts';
import { countWorkflows } from '../../db/reports-runs.ts';
import { heldOut } from '../../engine/gates.ts';
import type { Ground } from './ground.ts';
import { mailSection } from './mails.ts';
import { cellsIn, type Report, words } from './report.ts';
import type { ReportWords } from './wording.ts';

export async function reportWorkflows(ground: Ground): Promise<Report> {
  const { db, catalogue, from, until, at, about, tell } = ground;
  const { number, shareCells } = cellsIn(tell);
  const counts = await countWorkflows(db, { from, until, at, gate: heldOut.id });
  const lifts = counts.map(({ treated, heldOut }) =>
    heldOut.people === 0 ? null : liftOf(treated, heldOut),
  );
  const rows = counts.map((one, i) => [
    words(one.workflow),
    number(one.entered),
    number(one.underWay),
    number(one.reached),
    ...shareCells(shareOf(one.reached, one.entered)),
    words(tellLift(tell, lifts[i] ?? null)),
  ]);
  const said = [tell.workflows.lead];
  const bars = counts.map((one) => {
    const share = shareOf(one.reached, one.entered);
    const text =
      share === null
        ? tell.workflows.nobodyEntered
        : `${tell.percent(share.value)} (${tell.span(share, tell.percent)})`;
    const { value = null, low = null, high = null } = share ?? {};
    return { label: one.workflow, value, low, high, text };
  });
  const chart = { id: 'workflows', title: tell.workflows.chart, description: said.join(' '), bars };
  const { title, columns } = tell.workflows;
  const drawn = bars.length === 0 ? null : { kind: 'bars' as const, chart };
  const section = { title, said, columns, rows, chart: drawn };
  const mails = await mailSection(tell, db, catalogue.policy, { from, until, at });
  return { title: tell.titles.workflows, about, sections: [section, mails] };
}

function tellLift({ workflows, percent, span }: ReportWords, lift: Lift | null): string {
  if (lift === null) return workflows.nobodyHeld;
  if (lift.is === 'not enough yet') return workflows.lacking(lift.why, lift.needed);
  const { difference } = lift;
  return workflows.verdict(lift.is, `${percent(difference.value)} (${span(difference, percent)})`);
}

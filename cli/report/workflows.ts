// What each workflow did: who entered, who reached its goal, and whether that is more than those held out by chance.
import { type Lift, liftOf } from '../../analysis/lift.ts';
import { shareOf } from '../../analysis/stats.ts';
import { countWorkflows } from '../../db/reports-runs.ts';
import { heldOut } from '../../engine/gates.ts';
import type { Ground } from './ground.ts';
import { mailSection } from './mails.ts';
import { number, percent, type Report, say, shareCells, span, words } from './report.ts';

const columns = ['workflow', 'entered', 'under way', 'goal', 'of entered', '95 %', 'lift'];

export async function reportWorkflows({ db, catalogue, from, until, at, about }: Ground): Promise<Report> {
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
    words(tellLift(lifts[i] ?? null)),
  ]);
  const said = ['Lift: the share that reached the goal, less that of those held out by chance.'];
  const bars = counts.map((one) => {
    const share = shareOf(one.reached, one.entered);
    const text = share === null ? 'nobody entered' : `${percent(share.value)} (${span(share, percent)})`;
    const { value = null, low = null, high = null } = share ?? {};
    return { label: one.workflow, value, low, high, text };
  });
  const chart = { id: 'workflows', title: 'Share that reached the goal', description: said.join(' '), bars };
  const section = { title: 'Workflows', said, columns, rows, chart: { kind: 'bars' as const, chart } };
  const mails = await mailSection(db, catalogue.policy, { from, until, at });
  return { title: 'Workflows', about, sections: [section, mails] };
}

function tellLift(lift: Lift | null): string {
  if (lift === null) return 'nobody is held out';
  const needed = (n: number | null) => (n === null ? '' : `; ${say(n)} held out are needed`);
  if (lift.is === 'not enough yet') return `not enough yet: ${lift.why}${needed(lift.needed)}`;
  const { value, low, high } = lift.difference;
  return `${lift.is}: ${percent(value)} (${span({ low, high }, percent)})`;
}

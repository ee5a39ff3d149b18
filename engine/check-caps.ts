// Workflows that begin with the same event and together mail more often than a cap of policy.yaml lets through: the mails
// over it wait, and nobody meant them to. What is counted is the most mails on one way through each, in the cap's time from
// entry on, waits taken as written. Conditions of entry are not weighed; where they part the two, a `lint-ignore` says so.
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import type { Draft } from './draft.ts';
import { tellDuration } from './duration.ts';
import { waysFrom } from './graph.ts';
import { tellPhrase } from './phrase.ts';
import type { Cap } from './policy.ts';
import type { Fields, Node } from './step.ts';

const dayMs = 86_400_000;

export function findCapped(drafts: readonly Draft[], catalogue: Catalogue, report: Report): void {
  for (const cap of catalogue.policy.caps) {
    const counted = drafts
      .filter(({ plan }) => plan.enter.when !== null)
      .map((draft) => ({ draft, beginning: beginningOf(draft), mails: mostMails(draft, cap, catalogue) }))
      .filter(({ mails }) => mails > 0);
    for (const [i, one] of counted.entries()) {
      const other = counted
        .slice(0, i)
        .find(({ beginning, mails }) => beginning === one.beginning && mails + one.mails > cap.count);
      if (other === undefined) continue;
      const { plan, root } = one.draft;
      const enter = root.keys.get('enter')?.value ?? root;
      const isDays = cap.ms % dayMs === 0;
      const within = tellDuration(isDays ? `P${cap.ms / dayMs}D` : `PT${cap.ms / 1000}S`);
      report(
        'over-cap',
        enter.keys.get('when')?.value ?? enter,
        `\`${other.draft.plan.workflow}\` begins with ${tellPhrase(plan.enter.when)} too; together they may mail ${other.mails + one.mails} times within ${within}, and ${cap.count} are let through`,
        'wait longer in one of them, or let `only_if` part them',
      );
    }
  }
}

/** The phrase without its wording. */
function beginningOf({ plan }: Draft): string {
  const { text: _, ...data } = plan.enter.when as Fields;
  return JSON.stringify(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** After so long, so many mails; of two the one with fewer mails and more time says nothing. */
interface Arrival {
  readonly afterMs: number;
  readonly mails: number;
}
/** More ways than these to stand at one step differ in minutes. */
const mostArrivals = 40;

function mostMails({ plan, notes }: Draft, cap: Cap, catalogue: Catalogue): number {
  const arrivals = new Map<string, Arrival[]>();
  const open: [string | null, Arrival][] = [[plan.first, { afterMs: 0, mails: 0 }]];
  let most = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [id, { afterMs, mails }] = next;
    const node = id === null ? undefined : plan.nodes[id];
    if (node === undefined || afterMs >= cap.ms) continue;
    const own = mails + (isCounted(node, cap, catalogue) ? 1 : 0);
    most = Math.max(most, own);
    const before = arrivals.get(node.id) ?? [];
    const isNews = !before.some((one) => one.afterMs <= afterMs && one.mails >= own);
    // A way back is not counted: how often it is taken, the run decides.
    if (!isNews || before.length >= mostArrivals) continue;
    arrivals.set(node.id, [...before, { afterMs, mails: own }]);
    const leaves = { afterMs: afterMs + (notes.get(node.id)?.leastMs ?? 0), mails: own };
    for (const [arm, target] of waysFrom(node)) if (arm !== 'again') open.push([target, leaves]);
  }
  return most;
}

function isCounted({ traits }: Node, cap: Cap, { templates }: Catalogue): boolean {
  const topic = traits.template === undefined ? null : (templates[traits.template]?.topic ?? null);
  return topic !== null && (cap.topic === null || cap.topic === topic);
}

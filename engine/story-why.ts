// Why a story's contact did not enter: the event that begins the workflow did not come, or its condition was no.
import { hearsPhrase, isTimed, tellPhrase } from './phrase.ts';
import type { Program } from './plan.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { Story } from './story.ts';

export function whyNobodyEntered(story: Story, program: Program, rehearsal: Rehearsal): string {
  const linked = program.current.find(({ plan }) => plan.workflow === story.workflow);
  if (linked === undefined) return 'the workflow is not there';
  const { when, onlyIf } = linked.plan.enter;
  const { contact, deals, heard, runs } = rehearsal;
  if (runs.size > 0) return 'it did';
  const deal = Object.values(deals)[0] ?? null;
  const facts = { contact, deal };
  const scene = { catalogue: program.catalogue, facts, time: program.reckon(facts), run: null };
  const isHeard = isTimed(when) || heard.some((event) => hearsPhrase(when, event, scene));
  if (!isHeard) {
    const came = deal?.stage === undefined ? '' : `; the deal stands in "${deal.stage}"`;
    return `\`${tellPhrase(when)}\` did not happen${came}`;
  }
  if (onlyIf === null) return `the moment of \`${tellPhrase(when)}\` did not come`;
  const { is, unknown } = linked.ask(onlyIf, { facts, memory: null, now: story.startsAt });
  if (is) return `the moment of \`${tellPhrase(when)}\` did not come`;
  return `\`only_if: ${onlyIf}\` was no${unknown === null ? '' : ` (${unknown})`}`;
}

// The parts of a workflow around its steps: who enters, what ends a run, and when mails may leave.

import { isTopic, topicsOf } from './catalogue.ts';
import { calendarsOf, opensEver } from './moment.ts';
import { isOfDeal, mayBeOfDeal } from './phrase.ts';
import type { Enter, Exit } from './plan.ts';
import { readShare } from './read-values.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import type { CompileContext, Json } from './step.ts';

export const childOf = (at: Located | undefined, key: string) => at?.keys.get(key)?.value;

export function textOf(at: Located | undefined, key: string): string | null {
  const value = childOf(at, key)?.value;
  return typeof value === 'string' ? value : null;
}

export function compileEnter(at: Located | undefined, when: Json, context: CompileContext): Enter {
  const [onlyIf, again, per] = ['only_if', 'again', 'per'].map((key) => childOf(at, key));
  const isDeal = when !== null && isOfDeal(when);
  if (per?.value === 'deal' && when !== null && !mayBeOfDeal(when))
    context.report('no-deal', per, 'the event that begins a run is of no deal', 'write `per: contact`');
  const perContact = per === undefined ? !isDeal : per.value === 'contact';
  return {
    when,
    onlyIf: onlyIf === undefined ? null : context.condition(onlyIf),
    again: again === undefined ? 'never' : readAgain(again, context),
    per: perContact ? 'contact' : 'deal',
    perDay: readLimit(childOf(at, 'limit'), context),
    rollout: shareOf(at, 'rollout', 1, context),
    holdout: shareOf(at, 'holdout', 0, context),
  };
}

function readAgain(at: Located, context: CompileContext): string {
  const again = String(at.value);
  if (again === 'never' || again === 'always') return again;
  const after = /^after (.+)$/.exec(again)?.[1];
  if (after !== undefined) return context.duration({ ...at, value: after });
  if (typeof at.value === 'string')
    context.report(
      'wrong-value',
      at,
      '`again` must be never, always, or after <duration>',
      'for example `after 90 days`',
    );
  return 'never';
}

/** `500 per day` as 500; null where there is no limit. */
function readLimit(at: Located | undefined, { report }: CompileContext): number | null {
  if (typeof at?.value !== 'string') return null;
  const count = Number(/^(\d{1,9}) per day$/.exec(at.value)?.[1] ?? 0);
  if (count > 0) return count;
  report('wrong-value', at, `\`${at.value}\` is no limit`, 'write how many on one day: `500 per day`');
  return null;
}

function shareOf(
  at: Located | undefined,
  key: string,
  otherwise: number,
  { report }: CompileContext,
): number {
  const share = textOf(at, key);
  const place = childOf(at, key);
  return share === null || place === undefined ? otherwise : readShare(share, place, report);
}

export function compileExit(at: Located, context: CompileContext): Exit {
  const when = childOf(at, 'when');
  return {
    when: when === undefined ? null : context.phrase(when),
    outcome: textOf(at, 'outcome') ?? '',
    goal: childOf(at, 'goal')?.value === true,
  };
}

/** The calendar in which mails may leave. */
export function compileWindow(
  root: Located,
  { catalogue, report }: Pick<CompileContext, 'catalogue' | 'report'>,
): string | null {
  const at = childOf(root, 'send_window');
  const window = textOf(root, 'send_window');
  const known = calendarsOf(catalogue);
  if (at !== undefined && window !== null && !known.includes(window))
    report('unknown-calendar', at, `there is no calendar \`${window}\``, suggest(window, known));
  else if (at !== undefined && window !== null && !opensEver(window, catalogue))
    report('endless-wait', at, `\`${window}\` never opens`, `give it \`hours:\` on some weekday`);
  return window;
}

/** The topic of its mails, told here where there is no such topic, and not at every mail. */
export function compileTopic(
  root: Located,
  { catalogue, report }: Pick<CompileContext, 'catalogue' | 'report'>,
): string | null {
  const at = childOf(root, 'topic');
  const topic = textOf(root, 'topic');
  if (at !== undefined && topic !== null && !isTopic(topic, catalogue))
    report('unknown-topic', at, `there is no topic \`${topic}\``, suggest(topic, topicsOf(catalogue)));
  return topic;
}

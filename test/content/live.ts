// The shipped workflows linked as production links them, and one made-up person who lives through them on a virtual
// clock: what is sent, which tasks are made and how runs end, a line each.
import { compile } from '../../engine/compile.ts';
import { isDeclaration, readCatalogue } from '../../engine/declarations.ts';
import { link } from '../../engine/link.ts';
import type { Occurrence } from '../../engine/rehearsal.ts';
import { simulate } from '../../engine/simulate.ts';
import type { Fields, Happening } from '../../engine/step.ts';
import { groupOf } from '../../engine/survey-text.ts';
import { compileTemplates } from '../../mail/library.ts';
import { toSummaries } from '../../mail/template.ts';
import { steps } from '../../steps/index.ts';
import { readFiles } from './shipped.ts';

export const files = readFiles('workflows', '.yaml');
export const letters = readFiles('templates', '.mjml');
export const declared = readCatalogue(files, toSummaries((await compileTemplates(letters)).templates));
export const { catalogue } = declared;
export const { plans, diagnostics } = compile(
  files.filter(({ path }) => !isDeclaration(path)),
  steps,
  catalogue,
);
const program = link(
  plans,
  plans.map((plan) => plan.hash),
  steps,
  catalogue,
);

const dayMs = 86_400_000;
const from = Date.UTC(2027, 0, 11, 9);

interface Deeds {
  readonly deal?: Fields;
  readonly repliesOn?: number;
  /** Scores of the survey, by day. */
  readonly answers?: { readonly [day: number]: number };
  /** What the CRM writes into the deal, by day. */
  readonly changes?: { readonly [day: number]: Fields };
}

/** The day so many days on, as a CRM writes it. */
export const dayOn = (days: number) => new Date(from + days * dayMs).toISOString().slice(0, 10);
export const timeOn = (days: number) => new Date(from + days * dayMs).toISOString();

/** What happens to one deal that passes through `stages` on the days given: what is sent when, and how runs end. */
export function live(
  contact: Fields,
  stages: { readonly [day: number]: string },
  { deal = {}, repliesOn, answers = {}, changes = {} }: Deeds = {},
): string[] {
  const moves = Object.entries(stages).map(
    ([day, to], i): Happening => ({
      id: `e${i}`,
      type: 'deal.stage_changed',
      at: from + Number(day) * dayMs,
      dealId: 'd',
      data: { pipeline: 'sales', from: Object.values(stages)[i - 1] ?? null, to, late: false },
    }),
  );
  const replies: Happening[] =
    repliesOn === undefined
      ? []
      : [{ id: 'r', type: 'mail.replied', at: from + repliesOn * dayMs, dealId: null, data: {} }];
  const said = Object.entries(answers).map(
    ([day, score]): Happening => ({
      id: `s${day}`,
      type: 'survey.answered',
      at: from + Number(day) * dayMs,
      dealId: 'd',
      data: { survey: 'nps', score, group: groupOf(score) },
    }),
  );
  const facts = {
    id: 'c',
    email: 'anna@acme.example',
    timezone: 'UTC',
    consent: { marketing: true },
    ...contact,
  };
  const first: Fields = { id: 'd', pipeline: 'sales', amount: 12000, ...deal };
  const written = Object.keys(changes).map((day): Occurrence => {
    const until = (of: { readonly [day: number]: unknown }) =>
      Object.entries(of)
        .filter(([other]) => Number(other) <= Number(day))
        .map(([, value]) => value);
    const stage = until(stages).at(-1) as string;
    return {
      id: `w${day}`,
      type: 'deal.updated',
      at: from + Number(day) * dayMs,
      dealId: 'd',
      data: {},
      facts: { deal: Object.assign({ ...first, stage }, ...(until(changes) as Fields[])) },
    };
  });
  const events = [...moves, ...replies, ...said, ...written].sort((a, b) => a.at - b.at);
  const persona = { contact: facts, deals: { d: first } };
  const { rehearsal, timeline } = simulate(program, { ...persona, events, from, until: from + 400 * dayMs });
  const on = (at: number) => `day ${Math.floor((at - from) / dayMs)}`;
  const sent = rehearsal.asked.map(({ askedAt, payload, verb, node }) => ({
    at: askedAt,
    line: `${on(askedAt)}: ${verb === 'task' ? `asks for ${node}` : `sends ${(payload as Fields).template}`}`,
  }));
  const ended = timeline
    .filter((line) => line.what === 'ended')
    .map((line) => {
      const run = rehearsal.runs.get(line.runId);
      return {
        at: line.at,
        line: `${on(line.at)}: ${line.workflow} ends ${run?.outcome}${run?.goal ? ', the goal' : ''}`,
      };
    });
  return [...sent, ...ended].sort((a, b) => a.at - b.at).map(({ line }) => line);
}

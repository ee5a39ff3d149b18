// One made-up contact with one deal, and the event that lets them into a workflow: what `simulate` and stories begin
// from. Whatever is given stands in for what is made up, so that a story names only what it is about.
import type { Catalogue } from './catalogue.ts';
import { doingOf, pipelineOf, stageBeside } from './happen.ts';
import { isOfDeal, isTimed } from './phrase.ts';
import type { Plan } from './plan.ts';
import type { Persona } from './rehearsal.ts';
import type { Fields, Happening, Json } from './step.ts';

const dayMs = 86_400_000;

export interface Given {
  readonly contact?: Fields;
  readonly deal?: Fields;
}

export interface Beginning extends Persona {
  /** What lets them in; where time alone does, what makes the ledger look at them. */
  readonly first: Happening;
}

/** By these a contact enters through what it does. */
const earned = ['score rises', 'score falls', 'contact reaches', 'contact drops below'];

/**
 * `at`: when it begins. A stage that is given is the one that the deal comes to then. `earns`: a score that lets somebody in
 * comes of what is told, and is not simply there.
 */
export function inventPersona(
  plan: Plan,
  catalogue: Catalogue,
  given: Given,
  {
    at,
    dealId = 'deal-1',
    earns = false,
  }: { readonly at: number; readonly dealId?: string; readonly earns?: boolean },
): Beginning {
  const { when, per } = plan.enter;
  const hasDeal = per === 'deal' || (when !== null && isOfDeal(when)) || given.deal !== undefined;
  const contact = mergeFields(inventContact(plan, at), given.contact ?? {});
  const { from, to } = stagesOf(when, catalogue, given.deal?.stage);
  const pipeline =
    given.deal?.pipeline ?? (pipelineOf(to ?? from, catalogue) ?? catalogue.pipelines[0])?.name;
  const deal = {
    ...inventDeal(when, at),
    pipeline: pipeline ?? null,
    ...given.deal,
    id: dealId,
    stage: from,
  };
  const scene = { catalogue, contact, deal: hasDeal ? deal : null, lastMail: null };
  const phrase = to === null ? when : { is: 'stage enters', stage: to };
  const isEarned = earns && earned.includes(String((phrase as Fields | null)?.is));
  const what = (isEarned ? null : doingOf(phrase, scene)) ?? {
    type: hasDeal ? 'deal.updated' : 'contact.updated',
    data: {},
  };
  const { type, data, facts } = what;
  const first = { id: 'story-001', type, at, dealId: hasDeal ? dealId : null, data };
  return { contact: facts?.contact ?? contact, deals: hasDeal ? { [dealId]: deal } : {}, first };
}

/** Groups (consent, scores) are given name by name; null: not known. */
function mergeFields(invented: Fields, given: Fields): Fields {
  const merged: { [field: string]: Json } = { ...invented };
  for (const [field, value] of Object.entries(given)) {
    const before = merged[field];
    merged[field] = isGroup(value) && isGroup(before) ? { ...before, ...value } : value;
  }
  return merged;
}

const isGroup = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null;

function inventContact(plan: Plan, at: number): Fields {
  return {
    id: 'anna',
    email: 'anna@acme.example',
    first_name: 'Anna',
    last_name: 'Adams',
    company: 'Acme',
    locale: 'en',
    timezone: 'Europe/Berlin',
    consent: { [plan.topic ?? 'marketing']: true },
    created_at: at,
  };
}

function inventDeal(when: Json, at: number): Fields {
  return {
    title: 'Pumps',
    amount: 12_000,
    currency: 'EUR',
    owner: 'olga',
    created_at: at,
    updated_at: at,
    ...dateFor(when, at),
  };
}

/** The date that a beginning by time alone hangs on: far enough ahead, or the day itself. */
function dateFor(when: Json, at: number): Fields {
  const moment = (when as { moment?: Fields } | null)?.moment;
  const [owner, field] = String(moment?.fact ?? '').split('.');
  if (owner !== 'deal' || field === undefined || field === 'updated_at') return {};
  const days = Number(moment?.sign) < 0 ? 90 : 0;
  return { [field]: new Date(at + days * dayMs).toISOString() };
}

/** Where the deal stands, and where it then comes to; null: the beginning is of another kind. */
function stagesOf(
  when: Json,
  catalogue: Catalogue,
  given: Json | undefined,
): { from: Json; to: string | null } {
  const { is, stage } = (when ?? {}) as Fields;
  const kind = String(is);
  const closed = (of: 'won' | 'lost') => catalogue.pipelines.flatMap((one) => one[of])[0] ?? null;
  const first = catalogue.pipelines[0]?.stages ?? [];
  const wanted: { readonly [kind: string]: () => readonly [Json, Json] } = {
    'stage enters': () => [stageBefore(stage, catalogue), stage ?? null],
    'stage leaves': () => [stage ?? null, stageBeside(stage, 1, catalogue)],
    'stage changes': () => [first[0] ?? null, first[1] ?? null],
    'stage goes back': () => [first[1] ?? null, first[0] ?? null],
    'stage skips': () => [stageBefore(stage, catalogue), stageBeside(stage, 1, catalogue)],
    'deal reopens': () => [closed('lost'), first[0] ?? null],
    'deal won': () => [stageBefore(closed('won'), catalogue), closed('won')],
    'deal lost': () => [stageBefore(closed('lost'), catalogue), closed('lost')],
  };
  const found = isTimed(when) ? undefined : wanted[kind]?.();
  if (found === undefined) return { from: given ?? null, to: null };
  const [standsIn, comesTo] = found as readonly [Json, string | null];
  if (typeof given !== 'string' || given === comesTo) return { from: standsIn, to: comesTo };
  if (kind === 'stage leaves') return { from: standsIn, to: given === stage ? comesTo : given };
  return { from: stageBefore(given, catalogue), to: given };
}

/** An open deal is lost from its last open stage; any other stage is come to from the one before it. */
function stageBefore(stage: Json | undefined, catalogue: Catalogue): string | null {
  const pipeline = pipelineOf(stage, catalogue);
  if (pipeline === undefined) return null;
  const closed = [...pipeline.won, ...pipeline.lost];
  const open = pipeline.stages.filter((one) => !closed.includes(one));
  if (pipeline.lost.includes(String(stage))) return open.at(-1) ?? null;
  return pipeline.stages[pipeline.stages.indexOf(String(stage)) - 1] ?? null;
}

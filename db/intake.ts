// What a batch of events comes to: what contacts and deals then look like, and what the histories gain. Pure.
// Promises: events count in order of (at, position); the latest by `at` wins, whatever the order of arrival; a late
// event fills what is empty and joins the history, and changes nothing else.
// Breaks if the rows it is given are not held by the caller's transaction: it reads, decides, and the caller writes.
import type { Pipeline } from '../engine/catalogue.ts';
import type { Fields, Json } from '../engine/step.ts';
import type { ConsentRow } from './consents.ts';
import { type EventInput, findPipeline, ownPrefix, type Refusal } from './event-input.ts';
import { takeConsent } from './intake-consent.ts';

type Values = { [field: string]: Json };
interface Row {
  readonly key: string;
  /** The earliest event that spoke of it. */
  createdAt: number;
  /** The latest event whose facts it holds. */
  factsAt: number;
  /** The fields that have a column. */
  readonly columns: Values;
  readonly fields: Values;
}
export interface ContactRow extends Row {
  readonly id: string;
  /** The ledger has given it an id, and no row yet. */
  readonly isNew: boolean;
  readonly consent: Values;
  readonly asked: Values;
}
export interface DealRow extends Row {
  /** null: the ledger has not met it. */
  readonly id: string | null;
  /** The contact whose event last spoke of it. */
  contactId: string;
  pipeline: string | null;
  stage: string | null;
  stageAt: number | null;
}
export interface Move {
  readonly dealKey: string;
  readonly contactId: string;
  readonly at: number;
  readonly pipeline: string;
  readonly from: string | null;
  readonly to: string;
  readonly late: boolean;
  readonly sourceId: string;
}
export interface EventRow {
  readonly sourceId: string;
  readonly contactId: string;
  readonly dealKey: string | null;
  readonly at: number;
  readonly type: string;
  readonly data: Fields;
}

/** What the ledger holds of a batch's contacts and deals, by key; `moves` only of deals that have a late event. */
export interface Held {
  readonly contacts: Map<string, ContactRow>;
  readonly deals: Map<string, DealRow>;
  readonly moves: Move[];
}
/** What to write: the rows of `held` that were changed in place, and what is new. */
export interface Intake {
  readonly contacts: Set<ContactRow>;
  readonly deals: Set<DealRow>;
  readonly moves: Move[];
  readonly events: EventRow[];
  readonly consents: ConsentRow[];
  /** By the event's id. */
  readonly refusals: Map<string, Refusal>;
}

/** An event that another one brings along; `of` makes its id. */
interface Derived {
  readonly of: string;
  readonly type: string;
  readonly data: Fields;
}

/** Somebody said yes to a topic of double opt-in: the mailbox is to be asked. */
const consentAsked = 'contact.consent_asked';
const stageChanged = 'deal.stage_changed';
/** Said to the contact that a deal leaves: what the deal does from now on, it does not hear. */
const contactChanged = 'deal.contact_changed';
const changeOf = ({ pipeline, from, to, late }: Move): Fields => ({ pipeline, from, to, late });
const contactColumns = ['email', 'first_name', 'last_name', 'company', 'locale', 'timezone'];
const dealColumns = ['title', 'amount', 'currency', 'owner'];
/** Not facts to be set, or set by rules of their own. */
const apart = ['id', 'consent', 'consent_proof', 'pipeline', 'stage'];

/** What is declared, as far as events are read by it. */
export interface Declared {
  readonly pipelines: readonly Pipeline[];
  /** Topics in which a yes from outside waits for the confirming button. */
  readonly doubleOptIn?: readonly string[];
}

export function takeIn(inputs: readonly EventInput[], held: Held, declared: Declared): Intake {
  const intake: Intake = {
    contacts: new Set(),
    deals: new Set(),
    moves: [],
    events: [],
    consents: [],
    refusals: new Map(),
  };
  // Sorting is stable: what has the same instant stays in the order of arrival.
  for (const input of [...inputs].sort((a, b) => a.at - b.at)) takeOne(input, held, declared, intake);
  return intake;
}

function takeOne(input: EventInput, held: Held, declared: Declared, intake: Intake): void {
  const contact = held.contacts.get(input.contact.id);
  if (!contact) throw new Error(`event ${input.id}: its contact is not held`);
  const deal = input.deal
    ? (held.deals.get(input.deal.id) ?? startDeal(input.deal.id, contact.id, input.at))
    : null;
  const pipeline = input.deal && deal ? findPipeline(input.deal, deal.pipeline, declared.pipelines) : null;
  if (pipeline !== null && typeof pipeline !== 'string') {
    intake.refusals.set(input.id, pipeline);
    return;
  }
  const derived = setContact(contact, input, declared.doubleOptIn ?? [], intake);
  const isChange = input.type === stageChanged;
  let move: Move | null = null;
  if (deal && pipeline !== null) {
    derived.push(...ownerChange(deal, input));
    move = setDeal(deal, input, contact, pipeline, held, intake);
    if (move && !isChange) derived.push({ of: 'stage', type: stageChanged, data: changeOf(move) });
  }
  const about = { contactId: contact.id, dealKey: input.deal?.id ?? null, at: input.at };
  // A stage that is announced again is news of the deal, not a change: nobody enters twice by it.
  const type = isChange && !move ? 'deal.updated' : input.type;
  const data = { ...input.data, ...(isChange && move ? changeOf(move) : {}) };
  intake.events.push({ ...about, sourceId: input.id, type, data });
  for (const { of, type, data } of derived)
    intake.events.push({ ...about, sourceId: `${ownPrefix}${input.id}:${of}`, type, data });
}

const startDeal = (key: string, contactId: string, createdAt: number): DealRow => ({
  id: null,
  key,
  contactId,
  createdAt,
  factsAt: 0,
  columns: {},
  fields: {},
  pipeline: null,
  stage: null,
  stageAt: null,
});

/** Answers the withdrawals of consent, and the questions that a mailbox is to be asked. */
function setContact(
  contact: ContactRow,
  input: EventInput,
  doubleOptIn: readonly string[],
  intake: Intake,
): Derived[] {
  const isLate = input.at < contact.factsAt;
  const isEarliest = input.at < contact.createdAt;
  const { consent = {} } = input.contact;
  const isSaid = setFacts(contact, input.contact, contactColumns, isLate);
  const { rows, withdrawn, asked } = takeConsent(contact, input, isLate, doubleOptIn);
  intake.consents.push(...rows);
  if (isSaid || Object.keys(consent).length > 0) contact.factsAt = Math.max(contact.factsAt, input.at);
  else if (!isEarliest) return [];
  contact.createdAt = Math.min(contact.createdAt, input.at);
  intake.contacts.add(contact);
  const toDerived = (of: string, type: string) => (topic: string) => ({
    of: `${of}:${topic}`,
    type,
    data: { topic },
  });
  return [
    ...withdrawn.map(toDerived('unsubscribed', 'contact.unsubscribed')),
    ...asked.map(toDerived('asked', consentAsked)),
  ];
}

function ownerChange(deal: DealRow, input: EventInput): Derived[] {
  const [from, to] = [deal.columns.owner ?? null, input.deal?.owner];
  if (deal.id === null || to === undefined || to === from || input.at < deal.factsAt) return [];
  return [{ of: 'owner', type: 'deal.owner_changed', data: { from, to } }];
}

/** For the contact that has the deal now, and ahead of the event that takes it away. */
const handover = ({ id, at }: EventInput, { contactId, key }: DealRow): EventRow => ({
  contactId,
  dealKey: key,
  at,
  sourceId: `${ownPrefix}${id}:contact`,
  type: contactChanged,
  data: {},
});

function setDeal(
  deal: DealRow,
  input: EventInput,
  contact: ContactRow,
  pipeline: string,
  held: Held,
  intake: Intake,
): Move | null {
  held.deals.set(deal.key, deal);
  const isLate = input.at < deal.factsAt;
  const isKnown = deal.id !== null && input.at >= deal.createdAt && deal.contactId === contact.id;
  const isSaid = setFacts(deal, input.deal ?? {}, dealColumns, isLate);
  if (deal.stage === null) deal.pipeline = pipeline || null;
  const move = moveDeal(deal, input, contact, pipeline, held.moves);
  if (move) {
    held.moves.push(move);
    intake.moves.push(move);
  }
  if (isKnown && !isSaid && !move) return null;
  if (!isLate && deal.contactId !== contact.id) {
    intake.events.push(handover(input, deal));
    deal.contactId = contact.id;
  }
  deal.factsAt = Math.max(deal.factsAt, input.at);
  deal.createdAt = Math.min(deal.createdAt, input.at);
  intake.deals.add(deal);
  return move;
}

/** true: something was said, whether or not it counted. */
function setFacts(row: Row, said: object, columns: readonly string[], isLate: boolean): boolean {
  let isSaid = false;
  for (const [field, value] of Object.entries(said) as [string, Json | undefined][]) {
    if (value === undefined || apart.includes(field)) continue;
    isSaid = true;
    const target = columns.includes(field) ? row.columns : row.fields;
    if (isLate && (target[field] ?? null) !== null) continue;
    if (value === null) delete target[field];
    else target[field] = value;
  }
  return isSaid;
}

/** null: the stage is not said, or not new. */
function moveDeal(
  deal: DealRow,
  input: EventInput,
  contact: ContactRow,
  pipeline: string,
  moves: readonly Move[],
): Move | null {
  const to = input.deal?.stage;
  if (to === undefined) return null;
  const late = deal.stageAt !== null && input.at < deal.stageAt;
  const before = late ? findLastMove(deal.key, input.at, moves) : null;
  const from = late ? (before?.to ?? null) : deal.stage;
  const isNew = from !== to || (before ?? deal).pipeline !== pipeline;
  if (!late) Object.assign(deal, { pipeline, stage: to, stageAt: isNew ? input.at : deal.stageAt });
  // A stage that changes in passing, in an event of another type, is an event of its own.
  const sourceId = input.type === stageChanged ? input.id : `${ownPrefix}${input.id}:stage`;
  return isNew
    ? { dealKey: deal.key, contactId: contact.id, at: input.at, pipeline, from, to, late, sourceId }
    : null;
}

/** What the deal had done last by then. */
function findLastMove(dealKey: string, at: number, moves: readonly Move[]): Move | null {
  let last: Move | null = null;
  for (const move of moves)
    if (move.dealKey === dealKey && move.at <= at && (last === null || move.at >= last.at)) last = move;
  return last;
}

// Forms that letters link to, and what was answered. There is no table of its own: the answers are facts, and each POST that
// changes something is an event `form.submitted` of its delivery, written as an event of the API would be.
// Promises: one transaction; the same answers again are no event; what is older than fourteen days is not changed.
// Locks: the contact, before anything is read that is decided on.
import { sql } from 'kysely';
import type { Facts, Fields } from '../engine/step.ts';
import { dueNow } from './agenda.ts';
import { type Db, type Tx, transact } from './connect.ts';
import { ownPrefix } from './event-input.ts';
import { type RecordOptions, recordOwn } from './events.ts';
import { contactFacts, dealFacts } from './facts.ts';

/** Whom a delivery's form asks, and what is known of them. */
export interface FormAsking {
  readonly contactId: string;
  readonly contactKey: string;
  /** null: the letter spoke of no deal, or the deal is somebody else's now. */
  readonly dealKey: string | null;
  readonly locale: string | null;
  readonly facts: Facts;
  readonly runId: string;
  readonly node: string;
  /** How often it was answered, and when first. */
  readonly answers: number;
  readonly answeredAt: number | null;
}

/** null: the letter or its contact is gone. */
export async function readFormAsking(
  db: Db | Tx,
  deliveryId: string,
  form: string,
): Promise<FormAsking | null> {
  const { rows } = await sql<Omit<FormAsking, 'facts'> & Facts>`
    select contacts.id as "contactId", contacts.key as "contactKey", deals.key as "dealKey", contacts.locale,
      ${contactFacts} as contact, case when deals.id is not null then ${dealFacts} end as deal,
      run_id as "runId", node, given.answers, given."answeredAt"
    from deliveries
      join contacts on contacts.id = deliveries.contact_id
      left join deals on deals.id = deliveries.deal_id and deals.contact_id = contacts.id
      cross join lateral (
        select count(*)::int as answers, ms(min(events.at)) as "answeredAt" from events
        where events.contact_id = contacts.id and type = 'form.submitted'
          and starts_with(source_id, ${idOf(deliveryId, form)})
      ) as given
    where deliveries.id = ${deliveryId}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { contact, deal, ...asking } = row;
  return { ...asking, facts: { contact, deal } };
}

const idOf = (deliveryId: string, form: string) => `${ownPrefix}form:${deliveryId}:${form}:`;

/** So long after the first answer it may be changed. */
const changeableMs = 14 * 86_400_000;

export const isTooLate = ({ answeredAt }: FormAsking, now: number): boolean =>
  answeredAt !== null && now > answeredAt + changeableMs;

export interface FormAnswer {
  readonly deliveryId: string;
  readonly form: string;
  /** What the answers change of the facts as they stand now; null: they are not taken. */
  readonly changes: (asking: FormAsking) => { readonly contact: Fields; readonly deal: Fields } | null;
}

/** `same`: nothing is new. `closed`: it is too late, or no longer asked. null: the contact is gone. */
export async function answerForm(
  db: Db,
  { deliveryId, form, changes }: FormAnswer,
  options: RecordOptions,
): Promise<'answered' | 'same' | 'closed' | null> {
  const { now } = options;
  return await transact(db, async (tx) => {
    const found = await readFormAsking(tx, deliveryId, form);
    if (found === null) return null;
    await dueNow(tx, [found.contactId], now);
    const asking = await readFormAsking(tx, deliveryId, form);
    if (asking === null) return null;
    const { contactKey, dealKey, runId, node, answers } = asking;
    const changed = isTooLate(asking, now) ? null : changes(asking);
    if (changed === null) return 'closed';
    const { contact, deal } = changed;
    if (answers > 0 && Object.keys(contact).length + Object.keys(deal).length === 0) return 'same';
    const event = {
      id: `${idOf(deliveryId, form)}${answers + 1}`,
      type: 'form.submitted',
      at: now,
      contact: { ...contact, id: contactKey },
      ...(dealKey === null ? {} : { deal: { ...deal, id: dealKey } }),
      data: { form, run: runId, step: node },
    };
    await recordOwn(tx, [event], options);
    return 'answered';
  });
}

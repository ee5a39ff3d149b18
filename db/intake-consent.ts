// What an event's consent comes to: a yes that counts, a yes that waits for the confirming button, or a withdrawal; and
// what the log gains. Pure. Where a topic asks for double opt-in, a yes from outside is a question to the mailbox, at most
// one a day, unless the sender has its own proof that the mailbox confirmed.
import type { ConsentRow } from './consents.ts';
import type { EventInput } from './event-input.ts';

const dayMs = 86_400_000;

/** The parts of a contact's row that consent is kept in; changed in place. */
export interface ConsentHolder {
  readonly id: string;
  readonly consent: { [topic: string]: unknown };
  /** Topic to the instant at which it was asked. */
  readonly asked: { [topic: string]: unknown };
}

export interface Consented {
  readonly rows: readonly ConsentRow[];
  /** Topics that were wanted and are not any more; and that the mailbox is to be asked about. */
  readonly withdrawn: readonly string[];
  readonly asked: readonly string[];
}

export function takeConsent(
  contact: ConsentHolder,
  input: EventInput,
  isLate: boolean,
  doubleOptIn: readonly string[],
): Consented {
  const { consent = {}, consent_proof: said } = input.contact;
  const { confirmed = false, ...proof } = { how: 'event', ...said };
  const before = { ...contact.consent };
  const rows: ConsentRow[] = [];
  const taken: { topic: string; what: ConsentRow['what'] }[] = [];
  for (const [topic, is] of Object.entries(consent)) {
    if (isLate && before[topic] !== undefined) continue;
    const isCertain = before[topic] === true || confirmed || !doubleOptIn.includes(topic);
    const what = wordFor(is, isCertain, confirmed);
    if (what === 'asked' && isAskedLately(contact.asked[topic], input.at)) continue;
    setConsent(contact, topic, what, input.at);
    taken.push({ topic, what });
    // What is said again is news only where it comes with a proof.
    if (before[topic] !== is || (is && said !== undefined))
      rows.push({
        contactId: contact.id,
        topic,
        what,
        at: input.at,
        proof: { ...proof, sourceId: input.id },
      });
  }
  const topicsOf = (what: ConsentRow['what']) =>
    taken.filter((one) => one.what === what).map((one) => one.topic);
  return {
    rows,
    withdrawn: topicsOf('withdrawn').filter((topic) => before[topic] === true),
    asked: topicsOf('asked'),
  };
}

function wordFor(is: boolean, isCertain: boolean, isConfirmed: boolean): ConsentRow['what'] {
  if (!is) return 'withdrawn';
  if (!isCertain) return 'asked';
  return isConfirmed ? 'confirmed' : 'given';
}

function isAskedLately(askedAt: unknown, at: number): boolean {
  return typeof askedAt === 'number' && at - askedAt < dayMs;
}

function setConsent(contact: ConsentHolder, topic: string, what: ConsentRow['what'], at: number): void {
  if (what === 'asked') {
    contact.asked[topic] = at;
    return;
  }
  contact.consent[topic] = what !== 'withdrawn';
  delete contact.asked[topic];
}

// Who writes a mail, by one rule: what the environment sets, then the topic's own sender in policy.yaml, then the
// file's, then the default. So a staging install sends the same files under its own name, whatever they say.
import { type Policy, senderOf } from '../engine/policy.ts';
import { domainOf, type Mailbox } from './addresses.ts';
import type { Identity } from './compose.ts';

/** What the environment sets: null where it does not. */
export interface SaidIdentity {
  readonly from: Mailbox | null;
  readonly replyTo: Mailbox | null;
  readonly company: string | null;
  /** The postal one. */
  readonly address: string | null;
}

/** Reserved by RFC 2606: mail from it reaches nobody. */
export const defaultSender: Mailbox = { name: 'Voronka', address: 'hello@voronka.example' };
const defaultAddress = 'Example Street 1, 10115 Berlin';

/** `topic` null: transactional mail, and the pages. */
export function identify(said: SaidIdentity, policy: Policy, topic: string | null): Identity {
  const sender = senderOf(policy, topic);
  const from = said.from ?? sender.from ?? defaultSender;
  const domain = domainOf(from.address);
  return {
    from,
    replyTo: said.replyTo ?? sender.replyTo,
    company: said.company ?? policy.company.name ?? (from.name || domain),
    address: said.address ?? policy.company.address ?? defaultAddress,
    domain,
    logo: policy.brand.logo,
  };
}

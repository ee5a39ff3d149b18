// What is shipped, read from disk once per test file: the templates compiled, and two people to write to, one whose
// every fact is known and one of whom only the address is.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../engine/step.ts';
import { compose } from '../../mail/compose.ts';
import { markDelivery } from '../../mail/marks.ts';
import type { Message } from '../../mail/message.ts';
import type { CompiledTemplate } from '../../mail/template.ts';

export interface File {
  readonly path: string;
  readonly text: string;
}

export function readFiles(folder: string, ending: string): File[] {
  const root = join(import.meta.dirname, '..', '..', folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export const known: Facts = {
  contact: {
    id: 'c-17',
    email: 'anna@acme.example',
    first_name: 'Anna',
    last_name: 'Berger',
    company: 'Acme',
    timezone: 'Europe/Vienna',
    interest: 'cost',
  },
  deal: { id: 'd-1', pipeline: 'sales', stage: 'Purchase', title: 'Pumps', amount: 12000, currency: 'EUR' },
};
export const unknown: Facts = {
  contact: { id: 'c-18', email: 'info@acme.example' },
  deal: { id: 'd-2', pipeline: 'sales', stage: 'Purchase' },
};

const house = {
  publicUrl: 'https://mail.acme.example',
  domain: 'acme.example',
  bounceDomain: null,
  keys: [{ id: 'a', secret: 'only for tests, and as long as a secret must be' }],
};

export function write(template: CompiledTemplate, facts: Facts, logo: string | null = null): Message {
  const identity = {
    from: { name: 'Acme Pumps', address: 'hello@acme.example' },
    replyTo: null,
    company: 'Acme Pumps',
    address: '12 Harbour Street, 1010 Vienna',
    domain: 'acme.example',
    logo,
  };
  const marks = markDelivery({ id: '1', contactId: '2', topic: template.topic }, house);
  const delivery = { workflow: 'welcome', node: 'hello' };
  const message = compose({ template, facts, marks, identity, delivery, now: Date.UTC(2027, 0, 11) });
  if ('is' in message) throw new Error(message.why);
  return message;
}

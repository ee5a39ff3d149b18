// A marketing message as this installation would send it, composed and signed by the path of production, and what the
// doctor looks at of it: its headers, and which of them the signature covers.
import { compose, type Identity } from '../compose.ts';
import { type House, markDelivery } from '../marks.ts';
import type { CompiledTemplate } from '../template.ts';
import { type DkimKey, toLetter } from '../transport-mime.ts';

export interface Sample {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** null: nothing signs here. */
  readonly signed: readonly string[] | null;
}

const template: CompiledTemplate = {
  name: 'sample',
  locale: 'en',
  topic: 'marketing',
  subject: 'Sample',
  html: '<p>Sample</p>',
  text: 'Sample',
  needs: [],
  hash: 'sample of the doctor',
};

export async function writeSample(
  { house, identity, dkim }: { house: House; identity: Identity; dkim: DkimKey | null },
  now: number,
): Promise<Sample> {
  const facts = { contact: { id: '1', email: identity.from.address }, deal: null };
  const marks = markDelivery({ id: '1', contactId: '1', topic: template.topic }, house);
  const delivery = { workflow: 'sample', node: 'sample' };
  const message = compose({ template, facts, marks, identity, delivery, now });
  if ('is' in message) throw new Error(message.why);
  const head = (await toLetter(message, dkim)).body.toString('latin1').split('\r\n\r\n')[0] ?? '';
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
  const covered = /\bh=([^;]+)/.exec(headers['dkim-signature'] ?? '')?.[1];
  return { headers, signed: dkim === null ? null : (covered ?? '').toLowerCase().split(/[:\s]+/) };
}

// send: mails a template to the contact. Deciding writes a delivery; performing hands the template's name to the
// caller's `mail`, which composes for the contact's locale. A marketing template needs the workflow's topic, because
// the topic is what the contact consented to. The run stands here while the sending window is closed, or the contact
// sleeps or paused its mail, so that waits count from when the mail was sent, and an exit still stops it.
import { z } from 'zod';
import { isTopic, localesOf } from '../engine/catalogue.ts';
import { createEffect } from '../engine/effect.ts';
import { opensAt } from '../engine/leaving.ts';
import type { Located } from '../engine/source.ts';
import { suggest } from '../engine/spelling.ts';
import { type CompileContext, type Delivery, defineStep } from '../engine/step.ts';

export const send = defineStep({
  verb: 'send',
  shape: z.strictObject({
    send: z.string().min(1).describe('The name of a template in templates/.'),
  }),
  doc: {
    text: 'Mails a template to the contact, in its language where the template has it. Outside the sending window, in the quiet hours and during a pause of the contact the run stands here until it may; then it goes on at once, and the mail leaves as soon as the sending rules allow.',
    example: '- id: intro\n  send: qualification-intro\n',
  },

  compile(source, at, context) {
    const topic = checkTemplate(source.send, at.keys.get('send')?.value ?? at, context);
    const traits = { label: `send ${source.send}`, template: source.send };
    return { params: { template: source.send, topic }, traits };
  },

  decide(view) {
    const { template, topic } = view.params;
    const window = view.plan.sendWindow;
    const { at, why } = opensAt(view.now, { topic, window }, view.facts, view.time);
    if (why !== null) return { go: 'stay', until: at, why };
    const payload = window === null ? { template } : { template, window };
    const effect = createEffect(view, { payload, topic, dueAt: view.now });
    return { go: 'on', effects: [effect], why: `sends ${template}` };
  },

  perform(delivery, io) {
    return io.mail({ template: templateOf(delivery) });
  },
});

/** The topic that a mail of this template needs; null for a transactional one. */
function checkTemplate(
  name: string,
  at: Located,
  { catalogue, plan, hasDeal, report }: CompileContext,
): string | null {
  const template = catalogue.templates[name];
  if (template === undefined) {
    const hint = suggest(name, Object.keys(catalogue.templates)) ?? `write templates/${name}.<locale>.mjml`;
    report('unknown-template', at, `there is no template \`${name}\``, hint);
    return null;
  }
  const missing = localesOf(catalogue.templates).filter((locale) => !template.locales.includes(locale));
  if (missing.length > 0)
    report(
      'missing-locale',
      at,
      `\`${name}\` is not written in ${missing.join(', ')}`,
      `add templates/${name}.${missing[0]}.mjml`,
    );
  const deal = template.needs.find((fact) => fact.startsWith('deal.'));
  if (deal !== undefined && !hasDeal)
    report('no-deal', at, `\`${name}\` prints ${deal}, and this workflow runs for a contact without a deal`);
  const isKnown = plan.topic === null || isTopic(plan.topic, catalogue);
  // A topic that no mail has is told where it is written, once.
  if (isKnown && template.topic !== null && template.topic !== plan.topic) {
    const said = plan.topic === null ? 'the workflow has no topic' : `the workflow's topic is ${plan.topic}`;
    report(
      'no-topic',
      at,
      `\`${name}\` is ${template.topic} mail, and ${said}`,
      `write \`topic: ${template.topic}\` in the workflow`,
    );
  }
  return template.topic;
}

function templateOf(delivery: Delivery): string {
  const { payload } = delivery;
  if (typeof payload === 'object' && payload !== null && 'template' in payload)
    return String(payload.template);
  throw new Error(`delivery ${delivery.id} names no template`);
}

// send: mails a template to the contact. Deciding writes a delivery; performing hands the template's name to the
// caller's `mail`, which composes for the contact's locale. A marketing template needs the workflow's topic, because
// the topic is what the contact consented to. The run stands here while the sending window is closed, or the contact
// sleeps or paused its mail, so that waits count from when the mail was sent, and an exit still stops it.
import { z } from 'zod';
import { createEffect } from '../engine/effect.ts';
import { opensAt } from '../engine/leaving.ts';
import { checkTemplate } from '../engine/letter.ts';
import type { Located } from '../engine/source.ts';
import { type CompileContext, type Delivery, defineStep } from '../engine/step.ts';

export const send = defineStep({
  verb: 'send',
  shape: z.strictObject({
    send: z.string().min(1).describe('The name of a template in templates/.'),
    on_unknown: z
      .enum(['hold', 'resend', 'assume_sent'])
      .optional()
      .describe(
        'Where nobody can say whether it left: `hold` (default) lists it, `resend` may send it twice, `assume_sent` may lose it.',
      ),
    delivery: z
      .enum(['at_most_once', 'at_least_once'])
      .optional()
      .describe('`at_least_once` is `on_unknown: resend`.'),
  }),
  doc: {
    text: 'Mails a template to the contact, in its language where the template has it. Outside the sending window, in the quiet hours and during a pause of the contact the run stands here until it may; then it goes on at once, and the mail leaves as soon as the sending rules allow.',
    example: '- id: intro\n  send: qualification-intro\n',
  },

  compile(source, at, context) {
    const place = at.keys.get('send')?.value ?? at;
    const topic = checkTemplate(source.send, place, context);
    if (context.catalogue.templates[source.send]?.asks === true)
      context.report(
        'wrong-value',
        place,
        `\`${source.send}\` has the links of a survey, and nothing is asked here`,
        'name it as the `template:` of a survey in surveys.yaml, and write `survey:` here',
      );
    const traits = { label: `send ${source.send}`, template: source.send };
    const onUnknown = readUnknown(source, at, context);
    return { params: { template: source.send, topic, ...(onUnknown === null ? {} : { onUnknown }) }, traits };
  },

  decide(view) {
    const { template, topic, onUnknown } = view.params;
    const window = view.plan.sendWindow;
    const { at, why } = opensAt(view.now, { topic, window }, view.facts, view.time);
    if (why !== null) return { go: 'stay', until: at, why };
    const payload = {
      template,
      ...(window === null ? {} : { window }),
      ...(onUnknown === undefined ? {} : { onUnknown }),
    };
    const effect = createEffect(view, { payload, topic, dueAt: view.now });
    return { go: 'on', effects: [effect], why: `sends ${template}` };
  },

  perform(delivery, io) {
    return io.mail({ template: templateOf(delivery) });
  },
});

function templateOf(delivery: Delivery): string {
  const { payload } = delivery;
  if (typeof payload === 'object' && payload !== null && 'template' in payload)
    return String(payload.template);
  throw new Error(`delivery ${delivery.id} names no template`);
}

/** null: what nobody knows of is held. */
function readUnknown(
  {
    on_unknown: said = null,
    delivery,
  }: { on_unknown?: string | null | undefined; delivery?: string | undefined },
  at: Located,
  { report }: CompileContext,
): 'resend' | 'assume_sent' | null {
  const isResent = delivery === 'at_least_once';
  if (isResent && said !== null && said !== 'resend')
    report(
      'wrong-value',
      at.keys.get('on_unknown')?.value ?? at,
      `\`${said}\` is not at least once`,
      'leave out `on_unknown`, or `delivery`',
    );
  if (isResent || said === 'resend') return 'resend';
  return said === 'assume_sent' ? said : null;
}

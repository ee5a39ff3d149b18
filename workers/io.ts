// Stop 10 of the path, as a step sees it: what `perform` may use, for one claimed delivery. `mail` composes (pure), sends with
// the dot held back, and judges the answer by the table. A step names a template; the ledger's current one is taken.
import { draw } from '../engine/hash.ts';
import type { Policy } from '../engine/policy.ts';
import type { MailRequest, NoticeRequest, ReportRequest, SurveyRequest } from '../engine/requests.ts';
import type { Delivery, Facts, Io, Json, Outcome, Reckoning } from '../engine/step.ts';
import { noticeTemplate } from '../engine/task-life.ts';
import { utmFor, writeTags } from '../engine/utm.ts';
import type { Mailbox } from '../mail/addresses.ts';
import { compose, type OwnParts, type Unaddressable } from '../mail/compose.ts';
import { identify, type SaidIdentity } from '../mail/identity.ts';
import { formLink, type House, markDelivery } from '../mail/marks.ts';
import type { Message } from '../mail/message.ts';
import { composeReport } from '../mail/report-letter.ts';
import { type CompiledTemplate, chooseLocale } from '../mail/template.ts';
import { type Tracking, trackDelivery } from '../mail/tracking.ts';
import type { Transport } from '../mail/transport.ts';
import { verdict } from '../mail/verdict.ts';
import type { Caller } from './webhook.ts';
import type { Work } from './work.ts';

/** What mails and calls need beside the delivery; opened once in a process. */
export interface Post {
  readonly transport: Transport;
  readonly house: House;
  /** Wins over the policy's. */
  readonly identity: SaidIdentity;
  readonly caller: Caller;
}

/** What is applied, as mail needs it. */
export interface Applied {
  /** Instants in the zone that holds for a contact. */
  readonly reckon: (facts: Facts) => Reckoning;
  readonly templates: readonly CompiledTemplate[];
  readonly policy: Policy;
}

export interface Situation extends Applied {
  readonly delivery: Delivery;
  readonly facts: Facts;
  readonly now: number;
  readonly work: Work;
  /** Marks the delivery as leaving, durably; false: it may not leave any more. */
  gate(): Promise<boolean>;
}

export function createIo(post: Post, situation: Situation): Io {
  const { delivery, now, facts, work } = situation;
  return {
    now,
    facts,
    mail: (request) => mail(post, situation, { ...request, locale: facts.contact.locale }),
    call: (request) => post.caller.call(request, situation),
    task: (request) => work.makeTask({ delivery, facts, request, now }),
    survey: (request) => survey(post, situation, request),
    notify: (request) => notify(post, situation, request),
    tell: async (request) => {
      const message = await work.readChange(request);
      return 'is' in message ? message : await post.caller.call(message, situation);
    },
    report: (request) => report(post, situation, request),
  };
}

/** A mail with more in it than the contact's facts, or to somebody else. */
interface Letter extends MailRequest {
  /** Left out: the contact. */
  readonly to?: Mailbox;
  /** Of whoever reads it. */
  readonly locale: Json | undefined;
  readonly own?: OwnParts;
}

async function notify(post: Post, situation: Situation, request: NoticeRequest): Promise<Outcome> {
  const notice = await situation.work.readNotice(request, post.house);
  if ('is' in notice) return notice;
  return await mail(post, situation, { template: noticeTemplate, ...notice });
}

/** The figures are read anew at every try; the marks, and so the Message-ID, are those of the first. */
async function report(post: Post, situation: Situation, request: ReportRequest): Promise<Outcome> {
  const { delivery, facts, now, policy, work } = situation;
  const written = await work.writeReport(request, facts, now);
  if ('is' in written) return written;
  const identity = identify(post.identity, policy, null);
  const marks = markDelivery(delivery, { ...post.house, domain: identity.domain });
  return await dispatch(post, situation, composeReport(written, { facts, marks, identity, delivery, now }));
}

async function survey(post: Post, situation: Situation, request: SurveyRequest): Promise<Outcome> {
  const { delivery, facts, now, work } = situation;
  const { locale } = facts.contact;
  const asking = { delivery, request, locale, now, time: situation.reckon(facts) };
  const asked = await work.askSurvey(asking, post.house);
  if ('is' in asked) return asked;
  return await mail(post, situation, { template: request.template, locale, own: asked.own });
}

async function mail(post: Post, situation: Situation, letter: Letter): Promise<Outcome> {
  const { template: name, locale, to } = letter;
  const { delivery, facts, now } = situation;
  const template = chooseLocale(situation.templates, name, typeof locale === 'string' ? locale : null);
  if (!template) throw new Error(`no template \`${name}\` is applied`);
  const identity = identify(post.identity, situation.policy, template.topic);
  const house = { ...post.house, domain: identity.domain };
  const marks = markDelivery(delivery, house);
  const tracking = trackingOf(situation.policy, template.topic);
  const tracked = trackDelivery(delivery.id, template.targets ?? [], tracking, house);
  const own = withForm(letter.own, template, delivery, house);
  const tags = writeTags(utmFor(situation.policy, template.topic), {
    ...{ workflow: delivery.workflow, step: delivery.node },
    ...{ template: template.name, topic: template.topic ?? 'transactional' },
  });
  const message = compose({
    ...{ template, facts, marks, tracked, tags, identity, delivery, now },
    ...(to === undefined ? {} : { to }),
    ...(own === undefined ? {} : { own }),
  });
  return await dispatch(post, situation, message);
}

async function dispatch(
  { transport }: Post,
  { delivery, now, gate }: Situation,
  message: Message | Unaddressable,
): Promise<Outcome> {
  if ('is' in message) return { is: 'refused', why: message.why, reason: 'unaddressable', hard: false };
  const reply = await transport.send(message, gate);
  const { attempt, expiresAt, id } = delivery;
  return verdict(reply, { attempt, now, expiresAt, random: draw(id, String(attempt)) });
}

/** What a letter has of its own, and the link to the form that its template names. */
function withForm(
  own: OwnParts | undefined,
  { form }: CompiledTemplate,
  { id }: Delivery,
  house: House,
): OwnParts | undefined {
  return form === undefined ? own : { ...own, links: { ...own?.links, form: formLink(id, form, house) } };
}

/** As the topic says; what no topic speaks of, transactional mail too, is not watched. */
function trackingOf({ topics }: Policy, topic: string | null): Tracking {
  const { opens, clicks } = topics[topic ?? ''] ?? { opens: false, clicks: false };
  return { opens, clicks };
}

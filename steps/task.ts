// task: hands something over to a person. Deciding writes a delivery; performing hands the request to the caller's
// `task`, which renders the title, finds the owner and makes one row, however often it is tried. The run goes on at
// once: `wait: ... until: task <id> is done` is how a workflow waits for the person.
import { z } from 'zod';
import { readAssignment, readOverdue, tellAssignment, tellOverdue } from '../engine/assignment.ts';
import { parseDuration, tellDuration } from '../engine/duration.ts';
import { createEffect } from '../engine/effect.ts';
import type { ChangeRequest, NoticeRequest, TaskRequest } from '../engine/requests.ts';
import { text } from '../engine/shapes.ts';
import type { Located } from '../engine/source.ts';
import { type CompileContext, type Delivery, defineStep, type Json } from '../engine/step.ts';
import { noticeTemplate } from '../engine/task-life.ts';

type Params = Omit<TaskRequest, 'holdsUntil'> & { readonly holds?: string };

const outcome = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a word such as `reached`');

export const task = defineStep({
  verb: 'task',
  shape: z.strictObject({
    task: text.describe('What is to be done, in a line; may print contact and deal.'),
    notes: text.optional().describe('What the owner should know; may print contact and deal.'),
    assign: text.describe('deal.owner, a person, `round robin over <team>`, or `least loaded of <team>`.'),
    due: text.describe('How long the owner has, in their own business time: `1 business day`.'),
    remind: z
      .union([text, z.array(text)], 'must be a duration, or a list of them')
      .optional()
      .describe('How long before it is due the owner gets a mail: `2 hours`, or a list.'),
    overdue: text.optional().describe('`remind`, `reassign`, or `escalate to <person or team>`.'),
    outcomes: z
      .array(outcome)
      .min(1, 'must name a word')
      .optional()
      .describe(
        'The words it may be done with, a button each: `[reached, not-now]`. Default: any word, and one button.',
      ),
    holds_mail: text
      .optional()
      .describe(
        'No marketing mail to the contact while it is open, for so long at most: `10 business days`.',
      ),
  }),
  doc: {
    text: 'Makes a task for a person of teams.yaml. Those who are away are skipped. `due` counts in the owner’s own business time; `remind` mails the owner so long before that, and `overdue` says what happens once if it is still open then: `remind` mails the owner again, `reassign` gives it to the next of the team with a new due time, `escalate to` tells somebody else, who may then close it too. With `holds_mail` the marketing mails of all workflows wait while it is open: a person is on it. The run goes on at once; wait with `until: task <id> is done`, and ask `outcome("<id>") == "reached"` in a branch.',
    example:
      '- id: call-task\n  task: Call {{ contact.first_name }} about {{ deal.title }}\n  assign: deal.owner\n  due: 1 business day\n  remind: 2 hours\n  overdue: remind\n  outcomes: [reached, not-now]\n  holds_mail: 10 business days\n',
  },

  compile(source, at, context) {
    if (source.remind !== undefined || source.overdue !== undefined) checkNotice(at, context);
    const placeOf = (key: string) => at.keys.get(key)?.value ?? at;
    const assign = readAssignment(placeOf('assign'), context);
    const due = context.duration(placeOf('due'));
    const overdue = source.overdue === undefined ? null : readOverdue(placeOf('overdue'), assign, context);
    const holds = at.keys.get('holds_mail')?.value;
    const params: Params = {
      title: context.text(placeOf('task')),
      notes: source.notes === undefined ? null : context.text(placeOf('notes')),
      assign: assign ?? { to: 'owner' },
      due,
      remind: readRemind(at.keys.get('remind')?.value, due, context),
      overdue,
      ...(source.outcomes === undefined ? {} : { outcomes: source.outcomes }),
      ...(holds === undefined ? {} : { holds: context.duration(holds) }),
    };
    const step = context.here?.id ?? '';
    const raises = ['task.done', 'task.cancelled', 'task.overdue'].map((type) => ({
      type,
      data: { step },
      state: null,
    }));
    return {
      params,
      traits: { label: `task for ${tellAssignment(params.assign)}` },
      notes: { raises },
    };
  },

  decide(view) {
    const { holds, ...request } = view.params;
    const holdsUntil = holds === undefined ? null : view.time.add(view.now, holds);
    const payload = { ...request, ...(holdsUntil === null ? {} : { holdsUntil }) };
    const effect = createEffect(view, { payload, topic: null, dueAt: view.now, toContact: false });
    const before = Number(view.facts.contact.held_until ?? 0);
    const patch =
      holdsUntil === null
        ? {}
        : { contact: { held_until: Math.max(before, holdsUntil), held_since: view.now } };
    const late = request.overdue === null ? '' : `, or else ${tellOverdue(request.overdue)}`;
    const why = `asks ${tellAssignment(request.assign)} within ${tellDuration(request.due)}${late}: ${request.title}`;
    return { go: 'on', effects: [effect], patch, why };
  },

  perform(delivery, io) {
    const { payload } = delivery;
    if (has(payload, 'notice')) return io.notify(payload as unknown as NoticeRequest);
    if (has(payload, 'change')) return io.tell(payload as unknown as ChangeRequest);
    return io.task(requestOf(delivery));
  },
});

/** The mail that reminds is a template like any other, so that its words are the company's own. */
function checkNotice(at: Located, { catalogue, report }: CompileContext): void {
  if (catalogue.templates[noticeTemplate] !== undefined) return;
  const place = (at.keys.get('remind') ?? at.keys.get('overdue'))?.key ?? at;
  const message = `its owner would be mailed, and there is no template \`${noticeTemplate}\``;
  report('unknown-template', place, message, `write templates/${noticeTemplate}.<locale>.mjml`);
}

/** The longest before first. Business time cannot be counted back from a due time, and lint says so. */
function readRemind(at: Located | undefined, due: string, { duration, report }: CompileContext): string[] {
  if (at === undefined) return [];
  const places = at.items.length > 0 ? at.items : [at];
  return places.flatMap((place) => {
    const kept = duration(place);
    const [before, whole] = [parseDuration(kept), parseDuration(due)];
    const length = (one: typeof before) =>
      one === null ? 0 : (one.months * 30 + one.days) * 86_400_000 + one.ms;
    if (before?.isBusiness)
      report('bad-duration', place, `\`${place.value}\` cannot be counted back`, 'write 2h or 1d');
    else if (whole !== null && !whole.isBusiness && length(whole) > 0 && length(before) >= length(whole))
      report(
        'wrong-value',
        place,
        'this reminder would come before the task is made',
        'make it shorter than `due`',
      );
    return [kept];
  });
}

/** The sweep queues what is said about a task under the verb of the step: mails to colleagues, and calls. */
const has = (payload: Json, key: string) => typeof payload === 'object' && payload !== null && key in payload;

function requestOf({ id, payload }: Delivery): TaskRequest {
  if (typeof payload === 'object' && payload !== null && 'title' in payload && 'assign' in payload)
    return payload as unknown as TaskRequest;
  throw new Error(`delivery ${id} asks for no task`);
}

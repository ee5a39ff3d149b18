// The shape of a workflow file around its steps. What stands in it is checked here for form only; names and types are
// checked against the catalogue when it is compiled.
import { z } from 'zod';
import { id, percent, text } from './shapes.ts';

export const workflowShape = z.strictObject({
  workflow: id('a name').describe('The name of the workflow; runs, history and reports carry it.'),
  description: text.optional().describe('What it is for, in a sentence.'),
  owner: text.optional().describe('Who answers for it.'),
  enter: z
    .strictObject({
      when: text.describe('The event that begins a run.'),
      only_if: z.unknown().optional().describe('A condition that must hold at that moment.'),
      again: text
        .optional()
        .describe('`never` (default), `always`, or `after <duration>` since the last entry.'),
      per: z
        .enum(['deal', 'contact'])
        .optional()
        .describe(
          'One run at a time for each deal, or for each contact. Where the event may name a deal (an answer, a form, an event of the API), `deal` makes the run about that one.',
        ),
      holdout: percent
        .optional()
        .describe('A control group, drawn by hash: it enters, gets nothing, and is measured.'),
      rollout: percent
        .optional()
        .describe('The share of those who would enter that do; raised by editing the file.'),
      limit: text
        .optional()
        .describe('`500 per day`: a brake. More wait at the door for the first day that has room.'),
    })
    .describe('Who comes in, and when.'),
  exit: z
    .array(
      z.strictObject({
        when: text.describe('The event that ends a run.'),
        outcome: id('an outcome').describe('What the end is called in reports.'),
        goal: z.boolean().optional().describe('True where this end is what the workflow is for.'),
      }),
    )
    .optional()
    .describe('Tested on every event, before anything else.'),
  send_window: text.optional().describe('The calendar in which its mails may leave.'),
  topic: id('a topic').optional().describe('The consent that its mails need.'),
  steps: z.array(z.unknown()).describe('What happens, in order.'),
  in_flight: z
    .enum(['migrate', 'pin', 'drain', 'restart'])
    .optional()
    .describe('What an edit does with people under way: `migrate` (default), `pin`, `drain` or `restart`.'),
  renamed: z
    .record(id('a step'), id('a step'))
    .optional()
    .describe('Old id to new id: people who stand at the old one carry on at the new one.'),
  removed: z
    .record(id('a step'), id('a step, `continue` or `exit`'))
    .optional()
    .describe('An old id to `continue`, `exit` or the id of a step: where people who stand there go.'),
  tests: z.array(z.unknown()).optional().describe('Stories: what is given, what happens, what is expected.'),
});

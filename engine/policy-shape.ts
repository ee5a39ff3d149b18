// The shape of policy.yaml, key by key, in an author's words. What the values mean together is read in declare-policy.ts.
import { z } from 'zod';
import { id, percent, text } from './shapes.ts';

const rate = z
  .string()
  .regex(/^\d+ per \S.*$/, 'must be so many per so long, for example `4 per 7 days` or `100 per minute`');
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as `#2b5cd9`');
const texts = z.union(
  [text, z.record(z.string(), text)],
  'must be a text, or one for each locale: `{ en: ..., ru: ... }`',
);
const address = text.describe('`Acme <hello@acme.example>`, or a bare address.');
const domain = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'is a domain in lower case, such as `acme.example`');
const thresholds = z.strictObject({
  warn: percent.describe('Says so.'),
  pause: percent.describe('Stops the mails of that workflow, or of that sender, until `breaker reset`.'),
});

const tag = z
  .string()
  .regex(/^([^\s{}]|\{[^{}]*\})+$/, 'must be a word without spaces; `{workflow}` stands for the mail’s own')
  .optional();
const utm = z.strictObject({ source: tag, medium: tag, campaign: tag, term: tag, content: tag });

const topic = z.strictObject({
  name: texts.describe('As the preference page shows it.'),
  text: texts.describe('What the contact agrees to, word for word: the consent log keeps it by its hash.'),
  double_opt_in: z
    .boolean()
    .optional()
    .describe('A yes counts once it is confirmed by a button behind a mailed link. Default: false.'),
  opens: z.boolean().optional().describe('Opens are tracked. Default: false.'),
  clicks: z.boolean().optional().describe('Clicks are tracked. Default: true.'),
  default: z
    .boolean()
    .optional()
    .describe('True: wanted until the contact says no (soft opt-in). Default: false, only after a yes.'),
  from: address.optional(),
  reply_to: address.optional(),
  utm: utm.optional().describe('Tags of this topic’s links; each wins over that of all mails.'),
});

export const policyShape = z.strictObject({
  company: z.strictObject({
    name: text.describe('As mails and pages name you.'),
    address: text.describe('The postal address that commercial mail must show.'),
    zone: text.optional().describe('IANA; where contacts, people and calendars name none. Default: UTC.'),
  }),
  brand: z
    .strictObject({
      accent: colour
        .optional()
        .describe('Buttons, links and the head of a mail; white letters must be readable on it.'),
      accent_dark: colour
        .optional()
        .describe('The same in dark mode. Left out: the accent, as light as it has to be.'),
      background: colour.optional().describe('Around the letter. Left out: a light tone of the accent.'),
      logo: z
        .url({ protocol: /^https$/, error: 'must be an https address' })
        .optional()
        .describe('A picture, shown 36 px high at the top, with the company’s name as its text.'),
    })
    .optional()
    .describe('Colours and logo of the mails.'),
  sender: z.strictObject({ from: address.optional(), reply_to: address.optional() }).optional(),
  domains: z
    .record(
      domain,
      z.strictObject({
        rate: rate.optional().describe('`10 per second`, over all that this domain sends.'),
        warm_up: z
          .strictObject({
            from: text.describe('The first day, `2026-12-01` (UTC).'),
            per_day: z.array(z.int().min(1, 'must be at least 1')).min(1, 'must name the first day’s mails'),
          })
          .optional()
          .describe('Mails on the first day, the second, ...; after the last there is no limit.'),
      }),
    )
    .optional()
    .describe('The domains that you send from.'),
  topics: z.record(id('a topic'), topic).describe('What a contact can say yes or no to.'),
  utm: utm
    .optional()
    .describe(
      'Tags on every https link of every mail: `{ source: acme, medium: email, campaign: "{workflow}" }`. In braces: workflow, step, template, topic. A template whose head has `utm:` has those alone, and so has a link that is written with tags. The text part shows addresses as they are written.',
    ),
  caps: z
    .record(z.string(), rate)
    .optional()
    .describe('Mails to one contact, over all workflows: by topic, or `all`. Transactional mail is exempt.'),
  quiet_hours: text
    .optional()
    .describe('`21:00-08:00`, in the contact’s zone. Transactional mail is exempt.'),
  quiet_days: text.optional().describe('`sunday`, or `sat-sun`: whole days of quiet.'),
  rates: z
    .record(z.union([domain, z.literal('*')]), rate)
    .optional()
    .describe('By recipient domain; `*` for each of the others: `gmail.com: 100 per minute`.'),
  breakers: z
    .strictObject({
      complaints: thresholds.optional().describe('Default: warn 0.1%, pause 0.3%.'),
      bounces: thresholds.optional().describe('Default: warn 2.5%, pause 5%.'),
      window: text.optional().describe('Over the mails of so long. Default: 7 days.'),
      at_least: z
        .int()
        .min(1, 'must be at least 1')
        .optional()
        .describe('Fewer mails are not judged. Default: 200.'),
    })
    .optional(),
  surveys: rate.optional().describe('Surveys to one contact: `1 per 30 days`.'),
  confirm_over: z
    .int()
    .min(0, 'must not be negative')
    .optional()
    .describe('`plan` asks for --confirm over so many people. Default: 1000.'),
});

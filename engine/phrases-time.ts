// What time alone brings: days of the week, days before and after a date, anniversaries, and a deal in which nothing
// happens. All of them come true at a moment, in the subject's zone; no event is needed for it.
import { type Moment, momentAfter, momentOfFact, readFactMoment, readWeekly } from './moment.ts';
import { isWithDeal, type PhraseKind, withoutDeal } from './phrase-kind.ts';
import type { Fields, Json } from './step.ts';

const fact = String.raw`(?<fact>(?:contact|deal)\.[a-z0-9_]+)(?: at (?<time>[\d:]+))?`;
const isOfDeal = (data: Fields) => String((data.moment as Fields | null)?.fact).startsWith('deal.');
const momentOf = (data: Fields) => data.moment as unknown as Moment;
const asJson = (moment: Moment | null) => moment as unknown as Json;

export const timePhrases: readonly PhraseKind[] = [
  {
    is: 'every',
    form: 'every monday at 09:00',
    means: 'that weekday and time, in the contact’s zone; also `day`, `weekday`, `mon-fri`',
    pattern: /^every (?<when>.+)$/,
    isOfDeal: withoutDeal,
    read({ when = '' }, at, { report }) {
      const moment = readWeekly(when);
      if (moment === null)
        report('bad-moment', at, `\`${when}\` is no weekday and time`, 'write `every monday at 09:00`');
      return { moment: asJson(moment) };
    },
    momentAfter: (data, { facts, time }, after) => momentAfter(momentOf(data), facts, time, after),
  },
  {
    is: 'before or after',
    form: '3 days before deal.renewal_on [at 09:00]',
    means: 'so long before (or after) the instant that the fact names; a date without a time means 09:00',
    pattern: new RegExp(`^(?<duration>.+?) (?<side>before|after) ${fact}$`),
    isOfDeal,
    read({ duration = '', side, fact: of = '', time }, at, scope) {
      const parts = { fact: of, sign: side === 'before' ? (-1 as const) : (1 as const), duration, time };
      return { moment: asJson(readFactMoment(at, parts, scope)) };
    },
    momentAfter(data, { facts, time }, after) {
      const moment = momentAfter(momentOf(data), facts, time, after);
      return moment !== null && moment > after ? moment : null;
    },
  },
  {
    is: 'anniversary',
    form: 'anniversary of deal.<instant> [at 09:00]',
    means: 'every year on the day that the fact names, from the first year on',
    pattern: new RegExp(`^anniversary of ${fact}$`),
    isOfDeal,
    read({ fact: of = '', time }, at, scope) {
      return { moment: asJson(readFactMoment(at, { fact: of, sign: 1, duration: 'PT0S', time }, scope)) };
    },
    momentAfter(data, { facts, time }, after) {
      const moment = momentOf(data);
      if (moment.is !== 'fact') return null;
      for (let years = 1; ; years++) {
        const at = momentOfFact({ ...moment, duration: `P${years * 12}M` }, facts, time);
        if (at === null || at > after) return at;
      }
    },
  },
  {
    is: 'deal idle',
    form: 'deal idle for 7d',
    means: 'nothing has happened to an open deal for so long',
    pattern: /^deal idle for (?<duration>.+)$/,
    isOfDeal: isWithDeal,
    read({ duration = '' }, at, scope) {
      const parts = { fact: 'deal.updated_at', sign: 1 as const, duration };
      return { moment: asJson(readFactMoment(at, parts, scope)) };
    },
    momentAfter(data, { catalogue, facts, time }, after) {
      const pipeline = catalogue.pipelines.find((one) => one.name === facts.deal?.pipeline);
      const closed = [...(pipeline?.won ?? []), ...(pipeline?.lost ?? [])];
      if (closed.includes(String(facts.deal?.stage))) return null;
      const moment = momentAfter(momentOf(data), facts, time, after);
      return moment !== null && moment > after ? moment : null;
    },
  },
];

// Somebody to preview a mail for, where no file names anybody; and what mails about tasks, surveys and consent have of
// their own, so that their previews are whole. Its links lead nowhere. A survey's words are those of surveys.yaml.
import type { SurveyQuestion } from '../engine/catalogue.ts';
import { textFor } from '../engine/survey-text.ts';
import type { OwnParts } from '../mail/compose.ts';

export const sample = {
  contact: { first_name: 'Anna', last_name: 'Berger', company: 'Acme', timezone: 'Europe/Vienna' },
  deal: {
    ...{ title: 'Pumps', amount: 12_000, currency: 'EUR', owner: 'olga', pipeline: 'sales' },
    ...{ product: 'Pump station', add_on: 'Service contract', demo_at: '2027-01-15T10:00:00Z' },
    ...{ offer_sent_at: '2027-01-20T09:00:00Z', offer_valid_until: '2027-02-15', won_on: '2027-02-10' },
    ...{ invoice_number: '2027-114', invoice_due_on: '2027-03-01', renewal_on: '2028-02-10' },
  },
};

export const sampleOwn = (
  publicUrl: string,
  asked: SurveyQuestion | undefined,
  locale: string,
): OwnParts => ({
  links: Object.fromEntries(
    ['confirm', 'task', 'survey', 'form'].map((page) => [page, `${publicUrl}/${page}/preview`]),
  ),
  task: {
    ...{ title: 'Pumps: call Anna Berger', notes: null, due: '2027-01-15 10:00', notice: 'reminder' },
    ...{ owner: 'Olga', to: 'Olga' },
  },
  survey: {
    question: textFor(asked?.question ?? { en: 'How likely are you to recommend us?' }, locale),
    low: textFor(asked?.low ?? { en: 'not at all' }, locale),
    high: textFor(asked?.high ?? { en: 'very' }, locale),
  },
});

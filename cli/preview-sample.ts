// Somebody to preview a mail for, where no file names anybody; and what mails about tasks, surveys and consent have of
// their own, so that their previews are whole. Its links lead nowhere.
import type { OwnParts } from '../mail/compose.ts';

export const sample = {
  contact: { first_name: 'Anna', last_name: 'Berger', company: 'Acme', timezone: 'Europe/Vienna' },
  deal: { title: 'Pumps', amount: 12_000, currency: 'EUR', owner: 'olga', pipeline: 'sales' },
};

export const sampleOwn = (publicUrl: string): OwnParts => ({
  links: Object.fromEntries(
    ['confirm', 'task', 'survey', 'form'].map((page) => [page, `${publicUrl}/${page}/preview`]),
  ),
  task: {
    ...{ title: 'Pumps: call Anna Berger', notes: null, due: '2027-01-15 10:00', notice: 'reminder' },
    ...{ owner: 'Olga', to: 'Olga' },
  },
  survey: { question: 'How likely are you to recommend us?', low: 'not at all', high: 'very' },
});

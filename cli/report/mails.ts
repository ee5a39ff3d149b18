// The mails of each workflow and template, by people: who got one, who opened, clicked, replied, left, and whose came back.

import { shareOf } from '../../analysis/stats.ts';
import type { Db } from '../../db/connect.ts';
import { countMails, type MailCount } from '../../db/reports-mails.ts';
import type { Policy } from '../../engine/policy.ts';
import { number, type Section, shareCells, unknown, words } from './report.ts';

const columns = [
  'workflow',
  'template',
  'sent to',
  'opened',
  'clicked',
  'of sent',
  '95 %',
  'replied',
  'unsubscribed',
  'bounced',
  'complained',
  'machines alone',
];

export async function mailSection(
  db: Db,
  { topics }: Policy,
  period: { readonly from: number; readonly until: number; readonly at: number },
): Promise<Section> {
  const counts = await countMails(db, period);
  const looksAt = (what: 'opens' | 'clicks', one: MailCount) =>
    one.topics.some((name) => topics[name]?.[what] === true);
  const seen = (what: 'opens' | 'clicks', one: MailCount, count: number) =>
    count > 0 || looksAt(what, one) ? number(count) : unknown('-');
  const rows = counts.map((one) => {
    const isClicked = one.clicked > 0 || looksAt('clicks', one);
    return [
      words(one.workflow),
      words(one.template ?? 'all of them'),
      number(one.sent),
      seen('opens', one, one.opened),
      seen('clicks', one, one.clicked),
      ...shareCells(isClicked ? shareOf(Math.min(one.clicked, one.sent), one.sent) : null),
      number(one.replied),
      number(one.unsubscribed),
      number(one.bounced),
      number(one.complained),
      number(one.machines),
    ];
  });
  const said = [
    'People, not mails: who got three letters of one template is one. A click proves an opening.',
    'Machines alone: a scanner or a proxy looked at their mail, and no person did; in opened and clicked they are not counted.',
    'A dash: policy.yaml does not have opens or clicks of this topic looked at.',
  ];
  return {
    title: 'Mails, by people',
    said: rows.length > 0 ? said : ['No mail has left.'],
    columns,
    rows,
    chart: null,
  };
}

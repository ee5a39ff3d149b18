// The mails of each workflow and template, by people: who got one, who opened, clicked, replied, left, and whose came back.

import { shareOf } from '../../analysis/stats.ts';
import type { Db } from '../../db/connect.ts';
import { countMails, type MailCount } from '../../db/reports-mails.ts';
import type { Policy } from '../../engine/policy.ts';
import { cellsIn, type Section, unknown, words } from './report.ts';
import type { ReportWords } from './wording.ts';

export async function mailSection(
  tell: ReportWords,
  db: Db,
  { topics }: Policy,
  period: { readonly from: number; readonly until: number; readonly at: number },
): Promise<Section> {
  const { number, shareCells } = cellsIn(tell);
  const counts = await countMails(db, period);
  const looksAt = (what: 'opens' | 'clicks', one: MailCount) =>
    one.topics.some((name) => topics[name]?.[what] === true);
  const seen = (what: 'opens' | 'clicks', one: MailCount, count: number) =>
    count > 0 || looksAt(what, one) ? number(count) : unknown('-');
  const rows = counts.map((one) => {
    const isClicked = one.clicked > 0 || looksAt('clicks', one);
    return [
      words(one.workflow),
      words(one.template ?? tell.mails.all),
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
  return {
    title: tell.mails.title,
    said: rows.length > 0 ? tell.mails.said : [tell.mails.none],
    columns: tell.mails.columns,
    rows,
    chart: null,
  };
}

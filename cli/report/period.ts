// A period as a person writes it: 2026, 2026-Q1, 2026-03, 2026-03-09, 90d, or all. In UTC, whole days.
import { complaint } from '../streams.ts';

const dayMs = 86_400_000;

/** [from, until) in epoch milliseconds; `now` is where the last 90 days end. */
export function readPeriod(text: string, now: number): { readonly from: number; readonly until: number } {
  if (text === 'all') return { from: 0, until: now + 1 };
  const days = /^(\d{1,5})d$/.exec(text);
  if (days) return { from: now - Number(days[1]) * dayMs, until: now + 1 };
  const found = /^(\d{4})(?:-(?:Q([1-4])|(\d\d)(?:-(\d\d))?))?$/.exec(text);
  const [, year, quarter, month, day] = found ?? [];
  const first = quarter ? (Number(quarter) - 1) * 3 : Number(month ?? 1) - 1;
  const from = Date.UTC(Number(year), first, Number(day ?? 1));
  const written = found === null ? '' : new Date(from).toISOString().slice(0, 10);
  const isReal = day ? written === text : month === undefined || (Number(month) >= 1 && Number(month) <= 12);
  if (!found || !isReal)
    throw complaint(2, `${text} is no period: write 2026, 2026-Q1, 2026-03, 2026-03-09, 90d or all.`);
  if (day) return { from, until: from + dayMs };
  return { from, until: Date.UTC(Number(year), first + (quarter ? 3 : month ? 1 : 12), 1) };
}

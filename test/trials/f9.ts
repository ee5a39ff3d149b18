// F9: time in every IANA zone around every clock change of 2026 to 2030. What is due daily and weekly comes exactly once on
// each of its local days, and nothing leaves in quiet hours. Judged by Intl, which shares no line with our arithmetic.
import { createReckonings } from '../../engine/calendar.ts';
import { emptyCatalogue } from '../../engine/catalogue.ts';
import type { Reckoning } from '../../engine/step.ts';
import { openDice } from './dice.ts';
import { definePureTrial } from './trial.ts';

const day = 86_400_000;
const [from, until] = [Date.UTC(2026, 0, 1), Date.UTC(2031, 0, 1)];
/** Among them the hours that are skipped or come twice, in most zones and in the odd ones. */
const timesOfDay = [0, 30, 60, 90, 120, 150, 180, 210, 540, 1380, 1439];
const quiet = { opens: 8 * 60, closes: 21 * 60 };

export interface TimeTrial {
  readonly seed: number;
  /** 1: every zone; n: one in n, from a place that the seed chooses. */
  readonly oneIn: number;
}
export type TimeReport = {
  readonly zones: number;
  readonly transitions: number;
  readonly daysAsked: number;
  readonly twice: readonly string[];
  readonly never: readonly string[];
  readonly windowsAsked: number;
  readonly quietBroken: readonly string[];
};

export const f9 = definePureTrial({
  name: 'F9',
  says: 'daily, weekly and quiet hours in every zone at every clock change 2026-2030: once a local day, quiet hours broken 0',
  options: { oneIn: 1 },
  run: async (options): Promise<TimeReport> => keepTime(options),
  isMet: ({ twice, never, quietBroken, transitions }) =>
    transitions > 0 && twice.length + never.length + quietBroken.length === 0,
});

export function keepTime({ seed, oneIn }: TimeTrial): TimeReport {
  const first = openDice(seed).below(oneIn);
  const zones = Intl.supportedValuesOf('timeZone').filter((_, i) => i % oneIn === first);
  const awake = {
    zone: 'contact',
    hours: Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7].map((on) => [on, [[quiet.opens, quiet.closes] as const]]),
    ),
    exceptions: {},
  };
  const reckon = createReckonings({ ...emptyCatalogue, calendars: { awake } });
  const report = { transitions: 0, daysAsked: 0, windowsAsked: 0, ...nothingWrong() };
  for (const zone of zones) {
    const judge = judgeOf(zone);
    const time = reckon({ contact: { timezone: zone }, deal: null });
    for (const change of changesOf(judge)) {
      report.transitions++;
      askDays({ time, judge, change, zone }, report);
      askQuiet({ time, judge, change, zone }, report);
    }
  }
  return { zones: zones.length, ...report };
}

const nothingWrong = () => ({ twice: [] as string[], never: [] as string[], quietBroken: [] as string[] });

interface Around {
  readonly time: Reckoning;
  readonly judge: (at: number) => Local;
  readonly change: number;
  readonly zone: string;
}
type Counting = { transitions: number; daysAsked: number; windowsAsked: number } & ReturnType<
  typeof nothingWrong
>;

/** Daily, and weekly on the weekday of the change. */
function askDays({ time, judge, change, zone }: Around, report: Counting): void {
  const weekly = [1, 2, 3, 4, 5, 6, 7].filter((on) => on === weekdayAt(judge, change));
  for (const minutes of timesOfDay) {
    const where = `${zone} ${minutes} at ${new Date(change).toISOString()}`;
    const days = daysOf(time, judge, change - 2 * day, [], minutes, 5);
    const weeks = daysOf(time, judge, change - 8 * day, weekly, minutes, 3);
    judgeDays(days, 1, where, report);
    judgeDays(weeks, 7, where, report);
    report.daysAsked += days.length + weeks.length;
  }
}

function askQuiet({ time, judge, change, zone }: Around, report: Counting): void {
  for (let at = change - 26 * 3_600_000; at < change + 26 * 3_600_000; at += 1_700_000) {
    report.windowsAsked++;
    const open = time.open(at, 'awake');
    const { minutes } = judge(open);
    if (open < at || minutes < quiet.opens || minutes >= quiet.closes)
      report.quietBroken.push(`${zone} ${new Date(at).toISOString()}`);
  }
}

interface Local {
  /** Days since 1970 of the local date. */
  readonly day: number;
  readonly minutes: number;
  readonly offset: number;
}

function judgeOf(timeZone: string): (at: number) => Local {
  const format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day: date = 1, hour = 0, minute = 0, second = 0 } = parts;
    const local = Date.UTC(year, month - 1, date, hour, minute, second);
    return {
      day: Math.floor(local / day),
      minutes: hour * 60 + minute,
      offset: local - Math.floor(at / 1000) * 1000,
    };
  };
}

/** Every instant at which the offset changes, to the second; changes less than a day apart count as one. */
function changesOf(judge: (at: number) => Local): number[] {
  const changes: number[] = [];
  let before = judge(from).offset;
  for (let at = from + day; at <= until; at += day) {
    const { offset } = judge(at);
    if (offset === before) continue;
    let [low, high] = [at - day, at];
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (judge(middle).offset === before) low = middle;
      else high = middle;
    }
    changes.push(high);
    before = offset;
  }
  return changes;
}

/** 1 is Monday; day 0 of 1970 was a Thursday. */
const weekdayAt = (judge: (at: number) => Local, at: number) => ((judge(at).day + 3) % 7) + 1;

function daysOf(
  time: Reckoning,
  judge: (at: number) => Local,
  start: number,
  weekdays: readonly number[],
  minutes: number,
  count: number,
): number[] {
  const days: number[] = [];
  for (let at = start; days.length < count; ) {
    at = time.next(at, weekdays, minutes);
    days.push(judge(at).day);
  }
  return days;
}

function judgeDays(
  days: readonly number[],
  step: number,
  where: string,
  wrong: { readonly twice: string[]; readonly never: string[] },
): void {
  for (const [i, local] of days.entries()) {
    const before = days[i - 1];
    if (before === undefined) continue;
    if (local - before < step) wrong.twice.push(where);
    if (local - before > step) wrong.never.push(where);
  }
}

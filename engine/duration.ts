// Durations as a marketer writes them (`30m`, `3d`, `2 weeks`, `2 business days`) and as plans keep them (ISO 8601,
// business time as `business P2D`). Days and longer are calendar units: how long they last is calendar.ts's affair.

export interface Duration {
  readonly months: number;
  readonly days: number;
  /** Hours and shorter, as milliseconds. */
  readonly ms: number;
  /** Counted in open hours and open days only. */
  readonly isBusiness: boolean;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const units: { readonly [unit: string]: Partial<Omit<Duration, 'isBusiness'>> } = {
  s: { ms: 1000 },
  m: { ms: minute },
  h: { ms: hour },
  d: { days: 1 },
  w: { days: 7 },
  month: { months: 1 },
  year: { months: 12 },
};
const spellings: { readonly [word: string]: string } = {
  s: 's', sec: 's', second: 's', seconds: 's',
  m: 'm', min: 'm', minute: 'm', minutes: 'm',
  h: 'h', hour: 'h', hours: 'h',
  d: 'd', day: 'd', days: 'd',
  w: 'w', week: 'w', weeks: 'w',
  month: 'month', months: 'month',
  year: 'year', years: 'year',
}; // biome-ignore format: a table reads by rows

const none: Duration = { months: 0, days: 0, ms: 0, isBusiness: false };
const iso = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** null where the text is no duration. */
export function parseDuration(text: string): Duration | null {
  const trimmed = text.trim();
  const kept = /^business (P.*)$/.exec(trimmed)?.[1];
  const isoParts = iso.exec(kept ?? trimmed);
  if (isoParts && /\d/.test(trimmed)) {
    const [y, months, w, d, h, m, s] = isoParts.slice(1).map((part) => Number(part ?? 0));
    return {
      months: (y ?? 0) * 12 + (months ?? 0),
      days: (w ?? 0) * 7 + (d ?? 0),
      ms: (h ?? 0) * hour + (m ?? 0) * minute + (s ?? 0) * 1000,
      isBusiness: kept !== undefined,
    };
  }
  if (!/^(\d+\s*(business\s+)?[a-z]+[\s,]*)+$/i.test(trimmed)) return null;
  let sum = none;
  for (const [, count, business, word] of trimmed.matchAll(/(\d+)\s*(business\s+)?([a-z]+)/gi)) {
    const unit = units[spellings[(word ?? '').toLowerCase()] ?? ''];
    if (unit === undefined || (business && unit.months)) return null;
    sum = plus(sum, unit, Number(count), Boolean(business));
  }
  return sum;
}

function plus(sum: Duration, unit: Partial<Duration>, count: number, isBusiness: boolean): Duration {
  return {
    months: sum.months + (unit.months ?? 0) * count,
    days: sum.days + (unit.days ?? 0) * count,
    ms: sum.ms + (unit.ms ?? 0) * count,
    isBusiness: sum.isBusiness || isBusiness,
  };
}

/** The form that plans keep: one text for one meaning. */
export function keepDuration({ months, days, ms, isBusiness }: Duration): string {
  const date = `${months ? `${months}M` : ''}${days ? `${days}D` : ''}`;
  const [h, m, s] = [
    Math.floor(ms / hour),
    Math.floor((ms % hour) / minute),
    Math.floor((ms % minute) / 1000),
  ];
  const time = `${h ? `${h}H` : ''}${m ? `${m}M` : ''}${s ? `${s}S` : ''}`;
  const text = `P${date}${time || !date ? `T${time || '0S'}` : ''}`;
  return isBusiness ? `business ${text}` : text;
}

/** `5 days`, `2 business days`, `1 day 12 hours`. */
export function tellDuration(kept: string): string {
  const duration = parseDuration(kept);
  if (duration === null) return kept;
  const { months, days, ms, isBusiness } = duration;
  const parts: [number, string][] = [
    [months, 'month'],
    [days, isBusiness ? 'business day' : 'day'],
    [Math.floor(ms / hour), isBusiness ? 'business hour' : 'hour'],
    [Math.floor((ms % hour) / minute), 'minute'],
    [Math.floor((ms % minute) / 1000), 'second'],
  ];
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return said.length === 0 ? 'no time' : said.join(' ');
}

/** No subject waits longer than this: months as 31 days, a business day as a long weekend with its holidays. */
export function longestMs({ months, days, ms, isBusiness }: Duration): number {
  const plain = (months * 31 + days) * day + ms;
  return isBusiness ? plain * 4 + 14 * day : plain;
}

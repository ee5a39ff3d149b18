// Values that declarations write in words: durations, shares, zones. Each answers what a plan keeps, and reports what it
// cannot read where that stands.
import { isZone } from './calendar-zone.ts';
import type { Report } from './diagnostic.ts';
import { keepDuration, longestMs, parseDuration } from './duration.ts';
import type { Rate } from './policy.ts';
import type { Located, Place } from './source.ts';

export function readDuration(text: string, at: Place, report: Report): string {
  const duration = parseDuration(text);
  if (duration !== null) return keepDuration(duration);
  report('bad-duration', at, `\`${text}\` is no duration`, 'write 30m, 3d, 2 weeks, or 2 business days');
  return 'PT0S';
}

/** A span of time that is the same for everybody: in milliseconds, a day as 24 hours. */
export function readMs(text: string, at: Place, report: Report): number {
  const duration = parseDuration(text);
  const ms = duration === null || duration.isBusiness || duration.months > 0 ? 0 : longestMs(duration);
  if (ms > 0) return ms;
  report('bad-duration', at, `\`${text}\` is no such span`, 'write 1 minute, 24 hours, 7 days, or 4 weeks');
  return 1;
}

/** `4 per 7 days`, `100 per minute`. */
export function readRate(text: string, at: Place, report: Report): Rate {
  const [count = '', span = ''] = text.split(' per ');
  return { count: Number(count), ms: readMs(/^\d/.test(span) ? span : `1 ${span}`, at, report) };
}

/** `25%` as 0.25; more than everybody is reported. */
export function readShare(text: string, at: Place, report: Report): number {
  const share = Number.parseFloat(text) / 100;
  if (share > 1) report('wrong-value', at, `\`${text}\` is more than everybody`, 'write 0% to 100%');
  return Math.min(1, share);
}

export function readZone(zone: string, at: Place, report: Report): string | null {
  if (isZone(zone)) return zone;
  report('wrong-value', at, `\`${zone}\` is no zone`, 'write an IANA zone such as Europe/Moscow');
  return null;
}

/** The value at a path of keys; the innermost one that is there. */
export function placeAt(root: Located, ...path: readonly string[]): Located {
  return path.reduce((at, key) => at.keys.get(key)?.value ?? at, root);
}

// A zone: instants to local time and back. The offsets come from Temporal; between two clock changes they are kept, so
// that reckoning is arithmetic (about 0.1 us instead of 15). A local time that a clock change skips is moved forward by
// the gap, and one that comes twice is the first (RFC 5545; Temporal calls it "compatible").
import { Temporal } from 'temporal-polyfill';

const dayMs = 86_400_000;

export interface Zone {
  readonly name: string;
  toLocal(at: number): LocalTime;
  toInstant(local: LocalTime): number;
  /** The same, but never on another day: where the gap ends the day, it is the minute before the gap (Nuuk, 23:30). */
  toInstantOnDay(local: LocalTime): number;
}

/** A day number (civil.ts) and the milliseconds since its midnight on the clock on the wall. */
export interface LocalTime {
  readonly day: number;
  readonly ms: number;
}

/** No clock change in [from, until). */
interface Span {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

export function createZone(name: string): Zone {
  const spans: Span[] = [];
  let last: Span | undefined;
  const remember = (span: Span): Span => {
    spans.push(span);
    return span;
  };
  const spanOf = (at: number): Span => {
    if (last === undefined || at < last.from || at >= last.until) {
      last = spans.find((span) => at >= span.from && at < span.until);
      last ??= remember(spanAt(name, at));
    }
    return last;
  };
  const offsetAt = (at: number) => spanOf(at).offset;
  const toLocal = (at: number): LocalTime => {
    const local = at + offsetAt(at);
    const day = Math.floor(local / dayMs);
    return { day, ms: local - day * dayMs };
  };
  const toInstant = ({ day, ms }: LocalTime): number => {
    const local = day * dayMs + ms;
    // No zone changes its clock twice within two days, so these are the offsets before and after.
    const [before, after] = [offsetAt(local - dayMs), offsetAt(local + dayMs)];
    const [first, second] = [local - Math.max(before, after), local - Math.min(before, after)];
    if (offsetAt(first) === Math.max(before, after)) return first;
    return offsetAt(second) === Math.min(before, after) ? second : local - before;
  };
  return {
    name,
    toLocal,
    toInstant,
    toInstantOnDay(local) {
      const at = toInstant(local);
      return toLocal(at).day === local.day ? at : spanOf(at).from - 60_000;
    },
  };
}

function spanAt(name: string, at: number): Span {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name);
  const from = local.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  const until = local.getTimeZoneTransition('next');
  return {
    from: from?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    until: until?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offset: local.offsetNanoseconds / 1e6,
  };
}

export function isZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Epoch milliseconds of `2026-12-01`, `2026-12-01T10:00` or a full ISO instant; null where it is none. */
export function parseInstant(text: string, zone: string): number | null {
  try {
    if (/([Zz]|[+-]\d\d:?\d\d)$/.test(text) && text.includes(':'))
      return Temporal.Instant.from(text).epochMilliseconds;
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

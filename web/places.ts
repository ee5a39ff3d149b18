// Locales and time zones as senders give them: known, or a sentence that says what was probably meant.

import { closest } from '../engine/spelling.ts';

const languages = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
const zones = new Set(Intl.supportedValuesOf('timeZone'));
/** Found to be good before: asking Intl takes 20 us, a set none. Other names of zones are such as "Asia/Calcutta". */
const goodLocales = new Set<string>();
const otherZones = new Set<string>();
const MOST_KEPT = 2_000;

function keep(name: string, kept: Set<string>): null {
  if (kept.size < MOST_KEPT) kept.add(name);
  return null;
}

/** A BCP 47 tag of a language, perhaps with script and region. */
export function findLocaleFlaw(tag: string): string | null {
  if (goodLocales.has(tag)) return null;
  const usual = tag.replaceAll('_', '-');
  try {
    const { language, region } = new Intl.Locale(usual);
    if (languages.of(language) === undefined) return `is not a known language: write "en", "ru" or "de-AT"`;
    if (region !== undefined && regions.of(region) === undefined)
      return `is not a known region of a language: write "en", "ru" or "de-AT"`;
  } catch (error) {
    if (error instanceof RangeError) return `is not a locale: write "en", "ru" or "de-AT"`;
    throw error;
  }
  return usual === tag ? keep(tag, goodLocales) : `is not a locale. Did you mean "${usual}"?`;
}

/** A name of the IANA time zone database. */
export function findZoneFlaw(zone: string): string | null {
  if (zones.has(zone) || otherZones.has(zone)) return null;
  if (/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(zone) && isZone(zone)) return keep(zone, otherZones);
  const near = closest(zone, zones);
  return near === null
    ? 'is not a known time zone: write "Europe/Moscow" or "UTC"'
    : `is not a known time zone. Did you mean "${near}"?`;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

// Days and times of day as the reader of a mail writes them: in the template's language and in the contact's own zone.
// A fact that is no instant prints nothing, so that `default:` can speak instead.

const formats = new Map<string, Intl.DateTimeFormat>();

/** `15 March 2027`, `15 марта 2027 года`. A date without a time (`2027-03-15`) is that day in every zone. */
export function writeDay(value: unknown, locale: string, zone: unknown): string {
  const at = instantOf(value);
  if (at === null) return '';
  const isDate = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value.trim());
  const words = { day: 'numeric', month: 'long', year: 'numeric' } as const;
  // Russian adds the abbreviation of "year" with a full stop, which doubles the one that ends a sentence: the word does
  // not. A day and its month are not torn apart.
  return formatOf(locale, isDate ? 'UTC' : zone, words)
    .format(at)
    .replace(/^(\d+) (.*)\sг\.$/, '$1\u00a0$2\u00a0года');
}

/** `14:30 GMT+3`: always with the zone, for a mail may be read anywhere. */
export function writeTime(value: unknown, locale: string, zone: unknown): string {
  const at = instantOf(value);
  const words = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' } as const;
  return at === null ? '' : formatOf(locale, zone, words).format(at);
}

/** Epoch milliseconds, or ISO 8601 text. */
function instantOf(value: unknown): number | null {
  if (typeof value !== 'number' && (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value.trim())))
    return null;
  const at = typeof value === 'number' ? value : Date.parse(value);
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? at : null;
}

function formatOf(locale: string, zone: unknown, words: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const timeZone = zoneOf(zone);
  // en-GB puts the day first and the clock at 24 hours, as the rest of the English-writing world does.
  const language = locale === 'en' ? 'en-GB' : locale;
  const key = `${language} ${timeZone} ${JSON.stringify(words)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, { ...words, timeZone });
  formats.set(key, format);
  return format;
}

/** Zones come from a CRM: one that nobody knows is read as none. */
function zoneOf(zone: unknown): string {
  if (typeof zone !== 'string' || zone === '') return 'UTC';
  const known = zones.get(zone);
  if (known !== undefined) return known;
  let found = zone;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    found = 'UTC';
  }
  if (zones.size >= MAX_ZONES) zones.clear();
  zones.set(zone, found);
  return found;
}

const zones = new Map<string, string>();
/** There are about 600 zones; what a CRM may invent is without end. */
const MAX_ZONES = 2_000;

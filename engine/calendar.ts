// Instants and durations in a subject's zone: the one place behind waits, sending windows, due dates and reminders.
// Days, weeks and months keep the local time of day; hours and minutes are exact. The zone is the contact's where it is
// known and real, else the company's; which of them it was is recorded, and the history says it.
import { addBusiness, businessHours, nextOpen, onDay } from './calendar-hours.ts';
import { createZone, isZone, parseInstant, type Zone } from './calendar-zone.ts';
import type { Calendar, Catalogue } from './catalogue.ts';
import { addMonths, dateOf, isoDateOf, weekdayOf } from './civil.ts';
import { parseDuration } from './duration.ts';
import type { Facts, Reckoning } from './step.ts';

const minuteMs = 60_000;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The calendar that `2 business days` means. */
const businessCalendar = 'business hours';

/** The name of the hours that policy.yaml leaves awake; no file can write it. */
export const awakeHours = '@awake';

/** One reckoning for each pair of contact's and owner's zone, made when first asked for. */
export function createReckonings(catalogue: Catalogue): (facts: Facts) => Reckoning {
  const zones = new Map<string, Zone>();
  const zoneOf = (name: string): Zone => {
    const zone = zones.get(name) ?? createZone(name);
    zones.set(name, zone);
    return zone;
  };
  const real = new Map<string, boolean>();
  const isReal = (name: string): boolean => {
    const known = real.get(name) ?? isZone(name);
    real.set(name, known);
    return known;
  };
  const made = new Map<string, Reckoning>();
  return ({ contact, deal }) => {
    const said = typeof contact.timezone === 'string' && isReal(contact.timezone) ? contact.timezone : null;
    const ownerZone = catalogue.people[String(deal?.owner)]?.zone ?? catalogue.zone;
    const key = `${said} ${ownerZone}`;
    const found = made.get(key) ?? createReckoning(catalogue, said, ownerZone, zoneOf);
    made.set(key, found);
    return found;
  };
}

function createReckoning(
  catalogue: Catalogue,
  said: string | null,
  ownerZone: string,
  zoneOf: (name: string) => Zone,
): Reckoning {
  const zone = zoneOf(said ?? catalogue.zone);
  const calendarOf = (name: string): Calendar => {
    const calendar = catalogue.calendars[name] ?? ownCalendar(name, catalogue);
    if (calendar === undefined) throw new Error(`there is no calendar \`${name}\``);
    return calendar;
  };
  const zoneFor = (calendar: Calendar): Zone => {
    const own: { readonly [of: string]: string } = {
      contact: zone.name,
      owner: ownerZone,
      company: catalogue.zone,
    };
    return zoneOf(own[calendar.zone] ?? calendar.zone);
  };
  return {
    zone: zone.name,
    source: said === null ? 'company' : 'contact',
    add(at, kept, sign = 1) {
      const duration = parseDuration(kept);
      if (duration === null) throw new Error(`not a duration: ${kept}`);
      if (duration.isBusiness && sign > 0) {
        const calendar = calendarOf(businessCalendar);
        return addBusiness(calendar, zoneFor(calendar), at, duration);
      }
      if (duration.months === 0 && duration.days === 0) return at + sign * duration.ms;
      const { day, ms } = zone.toLocal(at);
      const shifted = duration.months === 0 ? day : addMonths(day, sign * duration.months);
      return zone.toInstant({ day: shifted + sign * duration.days, ms }) + sign * duration.ms;
    },
    instant: (value) => (typeof value === 'number' ? value : parseInstant(String(value), zone.name)),
    open(at, name) {
      if (name === awakeHours && catalogue.policy.awake === null) return at;
      const calendar = calendarOf(name);
      return nextOpen(calendar, zoneFor(calendar), at);
    },
    next(after, on, minutes) {
      const { day: today } = zone.toLocal(after);
      for (let day = today; ; day++) {
        const moment = zone.toInstantOnDay(onDay(day, minutes));
        if (moment > after && (on.length === 0 || on.includes(weekdayOf(day)))) return moment;
      }
    },
    onDayOf(at, minutes) {
      return zone.toInstantOnDay(onDay(zone.toLocal(at).day, minutes));
    },
    date: (at) => isoDateOf(zone.toLocal(at).day),
    tell: (at) => tellIn(zone, at),
  };
}

function ownCalendar(name: string, { policy }: Catalogue): Calendar | undefined {
  if (name === businessCalendar) return businessHours;
  return name === awakeHours && policy.awake !== null
    ? { zone: 'contact', hours: policy.awake, exceptions: {} }
    : undefined;
}

function tellIn(zone: Zone, at: number): string {
  const local = zone.toLocal(at);
  const { year, month, day } = dateOf(local.day);
  const minutes = Math.floor(local.ms / minuteMs);
  const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return `${weekdays[weekdayOf(local.day) - 1]} ${day} ${months[month - 1]} ${year} ${time}`;
}

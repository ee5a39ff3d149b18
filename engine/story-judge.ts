// Holds what a workflow did against what its story expects. A line that fails says what happened instead, and when, and
// why then: the marketer sees the reason before opening the file. What was asked for answers one line, so that two
// lines about the same mail need two mails.
import type { Program } from './plan.ts';
import type { TimelineLine } from './rehearsal.ts';
import type { Reckoning } from './step.ts';
import type { Expectation } from './story.ts';
import { dayOf } from './story-day.ts';
import { type Deed, deedsOf } from './story-deeds.ts';
import type { Told } from './story-run.ts';
import { whyNobodyEntered } from './story-why.ts';

export interface StoryFailure {
  readonly place: Expectation['place'];
  /** The line as it is written, with its day. */
  readonly expected: string;
  /** What happened instead. */
  readonly instead: string;
}

interface Court extends Told {
  readonly deeds: readonly Deed[];
  readonly answered: Set<Deed>;
  readonly time: Reckoning;
  readonly program: Program;
}

/** In the order of the lines; none where the story holds. */
export function judgeStory(told: Told, program: Program): StoryFailure[] {
  const { rehearsal, story } = told;
  const time = program.reckon({ contact: rehearsal.contact, deal: null });
  const court: Court = { ...told, program, time, deeds: deedsOf(rehearsal), answered: new Set() };
  const found = new Map<Expectation, string>();
  // `sends nothing else` needs to know what the other lines speak of.
  const ordered = [...story.expects].sort((a, b) => Number(a.isNever) - Number(b.isNever));
  for (const line of ordered) {
    const instead = line.isNever ? findUnwanted(line, court) : findMissing(line, court);
    if (instead !== null) found.set(line, instead);
  }
  const ofLines = story.expects.flatMap((line) => {
    const instead = found.get(line);
    return instead === undefined ? [] : [{ place: line.place, expected: tellLine(line), instead }];
  });
  return [...findUntimely(court), ...ofLines].sort((a, b) => a.place.line - b.place.line);
}

function tellLine({ day, text }: Expectation): string {
  if (day === null) return text;
  const { minutes } = day;
  const time = minutes === null ? '' : ` ${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return `day ${day.day}${time}: ${text}`;
}

const pad = (n: number) => String(n).padStart(2, '0');

function isOn({ day }: Expectation, at: number, { story, time }: Court): boolean {
  if (day === null) return true;
  if (dayOf(at, story.startsAt, time) !== day.day) return false;
  return day.minutes === null || Math.floor((at - time.onDayOf(at, 0)) / 60_000) === day.minutes;
}

function findMissing(line: Expectation, court: Court): string | null {
  const { deeds, answered } = court;
  const all = deeds.filter((deed) => !answered.has(deed) && line.finds(deed, false));
  const found = all.find((deed) => isOn(line, deed.at, court));
  if (found !== undefined) {
    if (found.what === 'asks') answered.add(found);
    return null;
  }
  if (!deeds.some(({ what }) => what === 'enters'))
    return `nobody entered: ${whyNobodyEntered(court.story, court.program, court.rehearsal)}`;
  const [other] = all;
  const onDay = line.day === null ? '' : `${tellDay(line.day.day, court)}; `;
  return other === undefined
    ? `${onDay}${tellEnd(court)}`
    : `${onDay}it ${line.past} on ${tellWhen(other.at, court)}${causeOf(other, court)}`;
}

function findUnwanted(line: Expectation, court: Court): string | null {
  const { deeds, answered } = court;
  const found = deeds.find((deed) => line.finds(deed, answered.has(deed)) && isOn(line, deed.at, court));
  if (found === undefined) return null;
  const what = found.names.length > 0 ? `${found.names.at(-1)} ` : 'it ';
  return `${what}${line.past} on ${tellWhen(found.at, court)}${causeOf(found, court)}`;
}

/** Somebody clicks in a mail that has not been sent: the story asks for what cannot happen. */
function findUntimely({ story, rehearsal, deeds, ...court }: Court): StoryFailure[] {
  return story.tellings.flatMap(({ at, about, place, text }) => {
    if (about === null || deeds.some((deed) => deed.at <= at && deed.names.includes(about))) return [];
    const own = { ...court, story, rehearsal, deeds };
    const later = deeds.find((deed) => deed.names.includes(about));
    const when = later === undefined ? 'is never reached' : `is reached on ${tellWhen(later.at, own)}`;
    return [{ place, expected: text, instead: `\`${about}\` ${when}, so this cannot have happened` }];
  });
}

/** `day 3 (Thu 15 Jan 2026 09:00)`. */
function tellWhen(at: number, { story, time }: Court): string {
  return `day ${dayOf(at, story.startsAt, time)} (${time.tell(at)})`;
}

function tellDay(day: number, { story, time, timeline }: Court): string {
  const lines = timeline.filter(({ at }) => dayOf(at, story.startsAt, time) === day);
  if (lines.length === 0) return `day ${day}: nothing`;
  return `day ${day}: ${lines.map(({ node, why }) => (node === null ? why : `${node} ${why}`)).join(', ')}`;
}

function tellEnd(court: Court): string {
  const last = court.timeline.at(-1);
  if (last === undefined) return 'it never happened';
  const { outcome } = court.rehearsal.runs.get(last.runId) ?? { outcome: null };
  if (outcome === null) return `it never happened; the run stands at \`${last.node}\`: ${last.why}`;
  return `it never happened; the run ended on ${tellWhen(last.at, court)} as \`${outcome}\`: ${last.why}`;
}

/** The wait that it came after. */
function causeOf({ at, runId }: Deed, { timeline }: Court): string {
  const isBefore = (line: TimelineLine) => line.runId === runId && line.what === 'waits' && line.at < at;
  const wait = timeline.findLast(isBefore);
  return wait === undefined ? '' : `, because \`${wait.node}\` ${wait.why}`;
}

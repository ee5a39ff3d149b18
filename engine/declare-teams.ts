// teams.yaml: the people who own deals and get tasks, their zones and absences, and the teams they make.
import { z } from 'zod';
import type { Person, Team } from './catalogue.ts';
import { parseIsoDate } from './civil.ts';
import { defineDeclaration } from './declaration.ts';
import type { Report } from './diagnostic.ts';
import { placeAt, readZone } from './read-values.ts';
import { id, text } from './shapes.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import { readUrl } from './url.ts';

const person = z.strictObject({
  name: text.describe('As mails and pages show it.'),
  email: z.email('is no address').optional().describe('Where reminders go.'),
  zone: text.optional().describe('IANA; the company’s where it is not said.'),
  locale: text.optional().describe('The language of mails about their tasks: `en`, `ru`.'),
  away: z.array(text).optional().describe('`2026-12-24`, or `2026-12-24 to 2027-01-08`: no new tasks.'),
});
const team = z.strictObject({
  members: z.array(text).min(1, 'must name somebody').describe('People of this file.'),
  lead: text.optional().describe('Who answers for the team.'),
});

export const teamsDeclaration = defineDeclaration({
  file: 'teams.yaml',
  doc: {
    text: 'The people who own deals and get tasks (by the name that `deal.owner` holds), and their teams. Who is `away` on a day of their own calendar is skipped: of a team the others are in turn, and for an owner or a named person the lead of their team stands in. Where all are away, those who were meant get it, and lint says so beforehand. To `webhook` every change of a task is POSTed, in order and at least once: `{type: task.created | reassigned | snoozed | changed | overdue | escalated | done | cancelled, timestamp, data: {change, task}}`, signed and repeated as a `call` is. The task is as it is when the message leaves; no address of the contact stands in it.',
    example:
      'people:\n  olga:\n    name: Olga Petrova\n    email: olga@acme.example\n    zone: Europe/Moscow\n    away: [2026-12-24 to 2027-01-08]\nteams:\n  sales:\n    members: [olga]\n    lead: olga\nwebhook: https://crm.example/hooks/tasks\n',
  },
  shape: z.strictObject({
    people: z.record(id('a name'), person).default({}),
    teams: z.record(id('a name'), team).default({}),
    webhook: text
      .optional()
      .describe(
        'Every change of a task is POSTed there, signed as a `call` is: `https://crm.example/hooks/tasks`.',
      ),
  }),
  read(files, catalogue, report) {
    const people: Record<string, Person> = { ...catalogue.people };
    const teams: Record<string, Team> = { ...catalogue.teams };
    let { taskHook } = catalogue;
    for (const { source, root } of files) {
      if (source.webhook !== undefined)
        taskHook = readUrl(source.webhook, placeAt(root, 'webhook'), report)?.href ?? null;
      for (const [key, { name, email, zone, locale }] of Object.entries(source.people)) {
        const at = placeAt(root, 'people', key);
        const real = zone === undefined ? null : readZone(zone, placeAt(at, 'zone'), report);
        people[key] = {
          name,
          email: email ?? null,
          zone: real,
          locale: locale ?? null,
          away: readAway(at, report),
        };
      }
      for (const [key, { members, lead }] of Object.entries(source.teams)) {
        if (people[key] !== undefined)
          report(
            'wrong-value',
            root.keys.get('teams')?.value.keys.get(key)?.key ?? root,
            `\`${key}\` is a person`,
          );
        checkMembers(placeAt(root, 'teams', key), Object.keys(people), report);
        teams[key] = { members, lead: lead ?? null };
        checkPresence(placeAt(root, 'teams', key), key, members, people, report);
      }
    }
    return { ...catalogue, people, teams, taskHook };
  },
});

function checkMembers(team: Located, people: readonly string[], report: Report): void {
  const named = [...(team.keys.get('members')?.value.items ?? []), team.keys.get('lead')?.value];
  for (const at of named)
    if (at !== undefined && !people.includes(String(at.value)))
      report('unknown-team', at, `nobody is called \`${at.value}\``, suggest(String(at.value), people));
}

/** The first day on which all are away is the first day of somebody's absence. */
function checkPresence(
  team: Located,
  name: string,
  members: readonly string[],
  people: Readonly<Record<string, Person>>,
  report: Report,
): void {
  const absences = members.map((member) => people[member]?.away ?? []);
  const isAway = (away: Person['away'], day: string) => away.some(([from, to]) => from <= day && day <= to);
  const begins = absences.flat().map(([from]) => from);
  const day = begins.sort().find((one) => absences.every((away) => isAway(away, one)));
  if (day === undefined) return;
  const message = `everybody of \`${name}\` is away on ${day}`;
  const hint = 'its tasks go to them all the same: leave somebody there, or add one who is';
  report('team-away', team.keys.get('members')?.value ?? team, message, hint);
}

function readAway(person: Located, report: Report): (readonly [string, string])[] {
  return (person.keys.get('away')?.value.items ?? []).map((at) => {
    const [from = '', to = from] = String(at.value).split(/\s+to\s+/);
    if (parseIsoDate(from) === null || parseIsoDate(to) === null || to < from)
      report(
        'wrong-value',
        at,
        `\`${at.value}\` are no days`,
        'write 2026-12-24, or 2026-12-24 to 2027-01-08',
      );
    return [from, to];
  });
}

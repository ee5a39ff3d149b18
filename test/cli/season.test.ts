import { describe, expect, it } from 'vitest';
import { isDead } from '../../cli/demo/people.ts';
import { generateSeason } from '../../cli/demo/season.ts';
import { builtInFacts } from '../../engine/facts.ts';

const pipeline = {
  name: 'sales',
  stages: ['Lead', 'Qualification', 'Presentation', 'Negotiation', 'Purchase', 'Retention', 'Lost'],
  won: ['Purchase'],
  lost: ['Lost'],
};
const shape = {
  seed: '1',
  pipeline,
  facts: builtInFacts,
  startAt: Date.UTC(2026, 0, 12),
  days: 75,
  leads: 360,
};
const season = generateSeason(shape);

describe('the generated season', () => {
  it('is the same for the same seed and another for another', () => {
    expect(generateSeason(shape)).toEqual(season);
    expect(generateSeason({ ...shape, seed: '2' }).events).not.toEqual(season.events);
  });

  it('gives each event an id of its own, in order of time, inside the season', () => {
    const times = season.events.map((event) => Date.parse(event.at));
    expect(new Set(season.events.map((event) => event.id)).size).toBe(season.events.length);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(0)).toBeGreaterThanOrEqual(season.startAt);
    expect(times.at(-1)).toBeLessThan(season.endAt);
  });

  it('visits every stage, loses, falls back and goes silent', () => {
    const moves = new Map<string, string[]>();
    for (const { deal } of season.events)
      if (deal) moves.set(deal.id, [...(moves.get(deal.id) ?? []), String(deal.stage)]);
    const order = (stage: string | undefined) => pipeline.stages.indexOf(stage ?? '');
    const ways = [...moves.values()];
    for (const stage of pipeline.stages)
      expect(ways.filter((way) => way.includes(stage)).length).toBeGreaterThan(10);
    expect(ways.some((way) => way.some((stage, i) => i > 0 && order(stage) < order(way[i - 1])))).toBe(true);
    expect(ways.filter((way) => way.at(-1) === 'Qualification').length).toBeGreaterThan(10);
  });

  it('lies after a year of the same, of which it says only what is declared', () => {
    const { past, events } = generateSeason({ ...shape, before: 200 });
    const times = past.map((event) => Date.parse(event.at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(shape.startAt);
    const [before, after] = [past, events].map((all) => new Set(all.map(({ contact }) => contact.id)));
    expect([...(before ?? [])].filter((id) => after?.has(id)).length).toBeGreaterThan(5);
    const fields = new Set([...past, ...events].flatMap(({ contact }) => Object.keys(contact)));
    expect([...fields].sort()).toEqual([
      'company',
      'consent',
      'consent_proof',
      'email',
      'first_name',
      'id',
      'last_name',
      'locale',
      'timezone',
    ]);
  });

  it('knows people of both languages, some who leave and some who are gone', () => {
    const share = (is: (person: (typeof season.people)[number]) => boolean) =>
      season.people.filter(is).length / season.people.length;
    expect(share((person) => person.locale === 'ru')).toBeGreaterThan(0.3);
    expect(share((person) => person.locale === 'en')).toBeGreaterThan(0.3);
    expect(share((person) => isDead(person.email))).toBeGreaterThan(0.01);
    expect(share((person) => person.leavesAtMail !== null)).toBeGreaterThan(0.02);
  });
});

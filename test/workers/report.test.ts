// The weekly mail of reports, from the name that was said to the mail server: once a Monday, wherever a worker dies with
// it in hand, and none any more once it was ended.
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { askReports, writeReport } from '../../cli/report/weekly.ts';
import { record } from '../../db/events.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import { pipelinesFile, useDefinitions } from '../harness/definitions.ts';
import { dayMs, hash, monday } from '../harness/factories.ts';
import { emptyLedger } from '../harness/ledger.ts';
import { makeMortal } from '../harness/mortal.ts';
import { openWorld } from '../harness/world.ts';

const shipped = (path: string) => ({ path, text: readFileSync(`workflows/${path}`, 'utf8') });
const files = [pipelinesFile, shipped('teams.yaml'), shipped('weekly-report.yaml')];
const { catalogue } = readCatalogue(files, {});

describe('the weekly mail of reports', async () => {
  const { db, clock, sink, openProcess, deliveries } = await openWorld('postgres', monday);
  beforeEach(async () => {
    await emptyLedger(db);
    await useDefinitions(db, monday, files);
  });
  const ask = (is: 'asked' | 'declined') =>
    askReports(db, catalogue, { person: 'olga', is, now: clock.at(), hash });
  const stateOf = async () => (await db.selectFrom('runs').select(['node', 'outcome']).execute())[0];
  const states = async () => (await deliveries()).map(({ key, verb, state }) => `${verb} ${key} ${state}`);

  it('leaves every Monday for a colleague who was named, until that is ended', async () => {
    const before = sink.accepted.length;
    expect(await ask('asked')).toBe('Olga Petrova');
    const worker = await openProcess({ writeReport });
    await expect.poll(stateOf).toMatchObject({ node: 'monday' });
    clock.moveTo(clock.at() + 7 * dayMs);
    await expect.poll(states).toEqual(['report figures#1 sent']);
    clock.moveTo(clock.at() + 7 * dayMs);
    await expect.poll(states).toEqual(['report figures#1 sent', 'report figures#2 sent']);
    await ask('declined');
    await expect.poll(stateOf).toMatchObject({ outcome: 'declined' });
    clock.moveTo(clock.at() + 14 * dayMs);
    await worker.stop();
    const sent = sink.accepted.slice(before);
    expect(sent.map(({ to, isWhole }) => [to, isWhole])).toEqual([
      ['olga@acme.example', true],
      ['olga@acme.example', true],
    ]);
  });

  it.each(['deliveries claimed, nothing sent', 'body sent, commit not asked for'] as const)(
    'comes once although its worker dies: %s',
    async (death) => {
      const before = sink.accepted.length;
      await ask('asked');
      const mortal = makeMortal(death);
      const dying = await openProcess({ name: 'dying', leaseMs: 300, bend: mortal.bend, writeReport });
      await expect.poll(stateOf).toMatchObject({ node: 'monday' });
      clock.moveTo(clock.at() + 7 * dayMs);
      await mortal.died();
      await dying.cutOff();
      const second = await openProcess({ leaseMs: 300, writeReport });
      await expect.poll(states).toEqual(['report figures#1 sent']);
      await second.stop();
      mortal.release();
      await dying.stop();
      expect(sink.accepted.slice(before).map(({ to }) => to)).toEqual(['olga@acme.example']);
    },
  );

  it('goes to nobody else, whoever sends the event that begins it', async () => {
    const before = sink.accepted.length;
    const contact = { id: 'c-1', email: 'stranger@rival.example', locale: 'en' };
    const event = { id: 'forged', type: 'report.asked', at: monday, contact };
    await record(db, [event], { now: monday, hash, pipelines: catalogue.pipelines });
    const worker = await openProcess({ writeReport });
    await expect.poll(stateOf).toMatchObject({ node: 'monday' });
    clock.moveTo(clock.at() + 7 * dayMs);
    await expect.poll(states).toEqual(['report figures#1 refused']);
    await worker.stop();
    expect((await deliveries()).map(({ why }) => why)).toEqual(['reports are for people of teams.yaml']);
    expect(sink.accepted.slice(before)).toEqual([]);
  });

  it('is for people of teams.yaml', async () => {
    const asking = { person: 'olgaa', is: 'asked', now: monday, hash } as const;
    await expect(askReports(db, catalogue, asking)).rejects.toThrow(
      /nobody of teams.yaml: did you mean `olga`/,
    );
  });
});

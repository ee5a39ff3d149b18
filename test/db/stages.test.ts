import { beforeEach, describe, expect, it } from 'vitest';
import type { EventInput } from '../../db/event-input.ts';
import { record } from '../../db/events.ts';
import { hash, hourMs, makeEvent, makeStageChange, monday, sales } from '../harness/factories.ts';
import { emptyLedger } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday + hourMs;
const take = (...inputs: EventInput[]) => record(db, inputs, { now, hash, pipelines: [sales] });
const contacts = () => db.selectFrom('contacts').selectAll().orderBy('key').execute();
const deals = () => db.selectFrom('deals').selectAll().orderBy('key').execute();
const events = () => db.selectFrom('events').selectAll().orderBy('id').execute();
const moves = () =>
  db
    .selectFrom('stage_history')
    .select(['from_stage', 'to_stage', 'late', 'at'])
    .orderBy('at')
    .orderBy('id')
    .execute();

beforeEach(async () => {
  await emptyLedger(db);
});

describe('the order of events', () => {
  it('is that of their instants within a batch, not that of their places', async () => {
    await take(
      makeStageChange('Proposal', { at: monday + 2, contact: { first_name: 'Third' } }),
      makeStageChange('Lead', { at: monday, contact: { first_name: 'First' } }),
      makeStageChange('Qualification', { at: monday + 1, contact: { first_name: 'Second' } }),
    );
    expect(await moves()).toEqual([
      { from_stage: null, to_stage: 'Lead', late: false, at: monday },
      { from_stage: 'Lead', to_stage: 'Qualification', late: false, at: monday + 1 },
      { from_stage: 'Qualification', to_stage: 'Proposal', late: false, at: monday + 2 },
    ]);
    expect((await contacts())[0]?.first_name).toBe('Third');
    expect((await events()).map((one) => one.at)).toEqual([monday, monday + 1, monday + 2]);
  });

  it('is that of their places where the instants are the same', async () => {
    await take(makeStageChange('Lead'), makeStageChange('Proposal'));
    expect((await deals())[0]?.stage).toBe('Proposal');
  });

  it('lets a late change join the history with the stage before it, and does not move the deal back', async () => {
    await take(makeStageChange('Lead', { at: monday }), makeStageChange('Proposal', { at: monday + 9 }));
    await take(makeStageChange('Qualification', { at: monday + 5 }));
    expect(await deals()).toMatchObject([{ stage: 'Proposal', stage_at: monday + 9 }]);
    expect((await moves()).at(1)).toEqual({
      from_stage: 'Lead',
      to_stage: 'Qualification',
      late: true,
      at: monday + 5,
    });
    expect((await events()).at(-1)?.data).toEqual({
      pipeline: 'sales',
      from: 'Lead',
      to: 'Qualification',
      late: true,
    });
  });

  it('ends in the same deal whatever the order of arrival', async () => {
    const all = ['Lead', 'Qualification', 'Proposal', 'Won'].map((stage, i) =>
      makeStageChange(stage, { at: monday + i, deal: { amount: i } }),
    );
    for (const order of [
      [3, 1, 0, 2],
      [2, 3, 1, 0],
      [0, 1, 2, 3],
    ]) {
      await emptyLedger(db);
      for (const i of order) await take(all[i] as EventInput);
      expect(await deals()).toMatchObject([{ stage: 'Won', stage_at: monday + 3, amount: 3 }]);
      expect((await moves()).map((one) => one.to_stage)).toEqual([
        'Lead',
        'Qualification',
        'Proposal',
        'Won',
      ]);
    }
  });

  it('lets a late event fill what is empty and change nothing else', async () => {
    await take(makeEvent({ at: monday + 9, contact: { first_name: 'Anna', consent: { marketing: false } } }));
    await take(
      makeEvent({ at: monday, contact: { first_name: 'A.', company: 'Acme', consent: { marketing: true } } }),
    );
    expect(await contacts()).toMatchObject([
      { first_name: 'Anna', company: 'Acme', consent: { marketing: false }, facts_at: monday + 9 },
    ]);
  });
});

describe('a stage', () => {
  it('that is announced again is an update of the deal, not a change', async () => {
    await take(makeStageChange('Lead'));
    await take(makeStageChange('Lead', { at: monday + 1, deal: { amount: 5 } }));
    expect((await events()).map((one) => one.type)).toEqual(['deal.stage_changed', 'deal.updated']);
    expect(await moves()).toHaveLength(1);
    expect(await deals()).toMatchObject([{ stage_at: monday, amount: 5 }]);
  });

  it('that changes in passing is an event of its own', async () => {
    const input = makeEvent({ type: 'invoice.paid', deal: { id: 'd-1', stage: 'Won' } });
    expect(await take(input)).toHaveLength(1);
    expect((await events()).map((one) => [one.source_id, one.type])).toEqual([
      [input.id, 'invoice.paid'],
      [`voronka:${input.id}:stage`, 'deal.stage_changed'],
    ]);
    expect((await moves())[0]?.to_stage).toBe('Won');
  });

  it('that no pipeline has is refused with the known ones, and the rest of its batch is accepted', async () => {
    const bad = makeStageChange('Qualifcation', { contact: { id: 'c-bad' } });
    const odd = makeStageChange('Lead', { deal: { pipeline: 'sails' } });
    const good = makeStageChange('Lead');
    expect(await take(bad, odd, good)).toEqual([
      {
        id: bad.id,
        status: 'refused',
        path: 'deal.stage',
        reason:
          '"Qualifcation" is not a stage of sales: known are Lead, Qualification, Proposal, Negotiation, Won, Lost',
      },
      {
        id: odd.id,
        status: 'refused',
        path: 'deal.pipeline',
        reason: '"sails" is not a pipeline: known are sales',
      },
      { id: good.id, status: 'accepted' },
    ]);
    expect((await contacts()).map((one) => one.key)).toEqual(['c-17']);
  });

  it('needs no pipeline where the deal has one, and says so where it has none', async () => {
    const two = { now, hash, pipelines: [sales, { ...sales, name: 'renewals', stages: ['Due'] }] };
    const said = makeStageChange('Lead');
    const unsaid = makeEvent({ at: monday + 1, deal: { id: 'd-1042', stage: 'Due' } });
    const stranger = makeEvent({ deal: { id: 'd-9', stage: 'Due' } });
    const results = await record(db, [said, unsaid, stranger], two);
    expect(results.map((one) => [one.status, one.path])).toEqual([
      ['accepted', undefined],
      ['refused', 'deal.stage'],
      ['refused', 'deal.pipeline'],
    ]);
  });
});

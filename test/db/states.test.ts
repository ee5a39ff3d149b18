import { beforeEach, describe, expect, it } from 'vitest';
import { record } from '../../db/events.ts';
import { apply, readStates } from '../../db/runs.ts';
import type { Reaction } from '../../engine/reaction.ts';
import { hash, hourMs, makeStageChange, monday, sales } from '../harness/factories.ts';
import {
  emptyLedger,
  makeContacts,
  makePlan,
  makeReaction,
  makeTransition,
  usePlans,
} from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const now = monday + hourMs;
const write = (...reactions: Reaction[]) => db.transaction().execute((tx) => apply(tx, reactions, now));

beforeEach(async () => {
  await emptyLedger(db);
  await usePlans(db, makePlan(), makePlan({ workflow: 'welcome' }));
});

describe('what react is told', () => {
  it('is the contact, its deals, open runs, past entries and unread events in order of time', async () => {
    const contact = { id: 'c-17', email: 'anna@acme.example', consent: { marketing: true }, size: 40 };
    await record(
      db,
      [
        makeStageChange('Proposal', { at: monday + 2, contact }),
        makeStageChange('Lead', { at: monday + 1, contact, deal: { amount: 12000.5, title: 'Pumps' } }),
      ],
      { now, hash, pipelines: [sales] },
    );
    await write(
      makeReaction('1', {
        transitions: [
          makeTransition({ dealId: '1', wakeAt: now }),
          makeTransition({
            id: 'new:2',
            workflow: 'welcome',
            node: null,
            wakeAt: null,
            endedAt: now,
            outcome: 'done',
          }),
        ],
        nextDueAt: now,
      }),
    );
    expect(await readStates(db, ['1', '404'])).toEqual([
      {
        contactId: '1',
        dueAt: now,
        contact: {
          id: 'c-17',
          email: 'anna@acme.example',
          consent: { marketing: true },
          size: 40,
          created_at: monday + 1,
        },
        deals: {
          '1': {
            id: 'd-1042',
            pipeline: 'sales',
            stage: 'Proposal',
            title: 'Pumps',
            amount: 12000.5,
            stage_at: monday + 2,
            created_at: monday + 1,
            updated_at: monday + 2,
          },
        },
        runs: [
          {
            id: '1',
            workflow: 'nurture',
            plan: 'hash-of-nurture',
            contactId: '1',
            dealId: '1',
            node: 'intro',
            nodeAt: monday,
            enteredAt: monday,
            wakeAt: now,
            memory: { visits: { intro: 1 }, happened: {} },
            endedAt: null,
            outcome: null,
            goal: false,
          },
        ],
        entries: expect.arrayContaining([
          expect.objectContaining({ workflow: 'nurture', dealId: '1', enteredAt: monday }),
          expect.objectContaining({ workflow: 'welcome', dealId: null, enteredAt: monday }),
        ]),
        events: [
          {
            id: '1',
            type: 'deal.stage_changed',
            at: monday + 1,
            dealId: '1',
            data: { pipeline: 'sales', from: null, to: 'Lead', late: false },
          },
          {
            id: '2',
            type: 'deal.stage_changed',
            at: monday + 2,
            dealId: '1',
            data: { pipeline: 'sales', from: 'Lead', to: 'Proposal', late: false },
          },
        ],
        score: null,
      },
    ]);
  });

  it('shows no consent for a suppressed address, whatever its contact says', async () => {
    const [one, other, free] = await makeContacts(db, 3);
    const suppress = (email: string, topic: string) =>
      db
        .insertInto('suppressions')
        .values({ address_hash: hash(email), topic, reason: 'asked', at: new Date(now) })
        .execute();
    await suppress('c-1@acme.example', '*');
    await suppress('c-2@acme.example', 'digest');
    const states = await readStates(db, [one, other, free] as string[]);
    expect(states.map((state) => state.contact.consent)).toEqual([
      { marketing: false },
      { marketing: true, digest: false },
      { marketing: true },
    ]);
  });

  it('keeps a deal in sight that went over to another contact while a run was under way', async () => {
    await record(db, [makeStageChange('Lead')], { now, hash, pipelines: [sales] });
    await write(makeReaction('1', { transitions: [makeTransition({ dealId: '1' })] }));
    await record(db, [makeStageChange('Proposal', { at: now, contact: { id: 'c-18' } })], {
      now,
      hash,
      pipelines: [sales],
    });
    const states = await readStates(db, ['1', '2']);
    expect(states.map((state) => state.deals['1']?.stage)).toEqual(['Proposal', 'Proposal']);
  });
});

// What is applied: all or nothing, unchanged by being applied again, and old plans kept while someone stands on them.
import { expect, it } from 'vitest';
import { claim, park } from '../../db/agenda.ts';
import { applyDefinitions, readDeclarations, readPlans, readRevision } from '../../db/plans.ts';
import { apply } from '../../db/runs.ts';
import { readTemplates } from '../../db/templates.ts';
import { monday } from '../harness/factories.ts';
import { makeContacts, makePlan, makeReaction, makeTransition } from '../harness/ledger.ts';
import { freshLedger } from '../harness/postgres.ts';

const { db } = await freshLedger();
const [contactId = '', parkedId = ''] = await makeContacts(db, 2);
const template = { name: 'intro', locale: 'en', hash: 'one', body: { subject: 'Hello', html: '' } };
const base = {
  plans: [makePlan({ nodes: { zz: node('zz'), a: node('a') } })],
  templates: [template],
  declarations: { pipelines: { sales: { stages: ['Lead'] } } },
};

function node(id: string) {
  return {
    id,
    verb: 'send',
    params: { template: 'intro' },
    next: null,
    arms: {},
    traits: { label: `send ${id}` },
  };
}

const due = async () => (await db.transaction().execute((tx) => claim(tx, monday, 9))).contactIds;

it('gives back what was applied, keys in the order of their author', async () => {
  expect(await applyDefinitions(db, base, monday)).toEqual({ revision: 1, changed: true });
  const { current, plans } = await readPlans(db);
  expect(current).toEqual(['hash-of-nurture']);
  expect(JSON.stringify(plans)).toContain('"nodes":{"zz"');
  expect(plans).toEqual(base.plans);
  expect(await readTemplates(db)).toEqual([template]);
  expect(await readDeclarations(db)).toEqual(base.declarations);
});

it('is unchanged by being applied again, also twice at once', async () => {
  const both = await Promise.all([applyDefinitions(db, base, monday), applyDefinitions(db, base, monday)]);
  expect(both).toEqual(Array(2).fill({ revision: 1, changed: false }));
  expect(await readRevision(db)).toBe(1);
});

it('moves the revision with every change of a template or a declaration, and drops what is gone', async () => {
  const edited = { ...template, hash: 'two', body: { subject: 'Hi', html: '' } };
  expect(await applyDefinitions(db, { ...base, templates: [edited] }, monday)).toMatchObject({ revision: 2 });
  expect((await readTemplates(db))[0]?.body).toEqual(edited.body);
  expect(await applyDefinitions(db, { ...base, templates: [], declarations: {} }, monday)).toMatchObject({
    revision: 3,
  });
  expect(await readTemplates(db)).toEqual([]);
  expect(await readDeclarations(db)).toEqual({});
});

it('keeps the plan that an open run stands on, and takes a plan back by its hash', async () => {
  const run = makeTransition({ contactId });
  await db
    .transaction()
    .execute((tx) => apply(tx, [makeReaction(contactId, { transitions: [run] })], monday));
  const next = makePlan({ hash: 'hash-2', description: 'edited' });
  await applyDefinitions(db, { ...base, plans: [next] }, monday);
  expect((await readPlans(db)).current).toEqual(['hash-2']);
  expect((await readPlans(db)).plans.map((plan) => plan.hash).sort()).toEqual(['hash-2', 'hash-of-nurture']);
  await applyDefinitions(db, base, monday);
  expect((await readPlans(db)).current).toEqual(['hash-of-nurture']);
  expect((await readPlans(db)).plans).toHaveLength(1);
});

it('keeps a declaration that says nothing as one that is not there', async () => {
  await applyDefinitions(db, { ...base, declarations: { scores: null, calendars: {} } }, monday);
  expect(await readDeclarations(db)).toEqual({ calendars: {} });
  await applyDefinitions(db, base, monday);
});

it('puts parked contacts back on the agenda with every change', async () => {
  await db
    .transaction()
    .execute((tx) => park(tx, [{ contactId: parkedId, why: 'the engine threw' }], monday));
  expect(await due()).not.toContain(parkedId);
  expect(await db.selectFrom('contacts').select('parked_why').where('id', '=', parkedId).execute()).toEqual([
    { parked_why: 'the engine threw' },
  ]);
  await applyDefinitions(db, { ...base, templates: [] }, monday);
  expect(await due()).toContain(parkedId);
});

it('puts everybody on the agenda for a workflow that time alone lets people into', async () => {
  await db.deleteFrom('agenda').execute();
  await applyDefinitions(db, { ...base, templates: [] }, monday);
  expect(await due()).toEqual([]);
  const plan = makePlan({ workflow: 'weekly', hash: 'hash-of-weekly' });
  const when = {
    is: 'every',
    moment: { is: 'weekly', weekdays: [1], minutes: 540 },
    text: 'every monday at 09:00',
  };
  await applyDefinitions(db, { ...base, plans: [{ ...plan, enter: { ...plan.enter, when } }] }, monday);
  expect(await due()).toEqual([contactId, parkedId]);
});

it('looks at everybody for a moment that a new version waits for, and not for a word in a template', async () => {
  const agenda = () => db.selectFrom('agenda').select('contact_id').execute();
  const when = { is: 'every', moment: { is: 'weekly', weekdays: [1], minutes: 540 }, text: 'every monday' };
  const plan = makePlan({ hash: 'timed' });
  const timed = { ...base, plans: [{ ...plan, enter: { ...plan.enter, when } }] };
  await applyDefinitions(db, timed, monday);
  expect((await agenda()).length).toBeGreaterThan(1);
  await db.deleteFrom('agenda').execute();
  await applyDefinitions(db, { ...timed, templates: [{ ...template, hash: 'three' }] }, monday);
  expect(await agenda()).toEqual([]);
  await applyDefinitions(db, { ...timed, declarations: { zone: 'Europe/Berlin' } }, monday);
  expect((await agenda()).length).toBeGreaterThan(1);
});

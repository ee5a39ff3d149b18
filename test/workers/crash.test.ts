// A process dies between any two stops of the path, then another sweeps: never two mails, never none, and what may have
// left is on the list of unknowns and is left alone.
import { beforeEach, describe, expect, it } from 'vitest';
import { engineNames } from '../harness/engines.ts';
import { emptyLedger } from '../harness/ledger.ts';
import { type Death, deaths, makeMortal } from '../harness/mortal.ts';
import { openWorld } from '../harness/world.ts';

const leads = 20;
const leaseMs = 300;
const connections = 2;
/** A dead worker cannot say whether the dot went out: these may leave unknowns, the mails that it had let through. */
const uncertain: readonly Death[] = [
  'committing written, dot held back',
  'reply came, nothing settled',
  'settled, nothing after',
];

describe.each(engineNames)('over %s', async (engine) => {
  const world = await openWorld(engine);
  beforeEach(() => emptyLedger(world.db));

  it.each(deaths)('%s: each lead has one mail', async (death) => {
    const before = world.sink.accepted.length;
    await world.recordLeads(leads);
    const mortal = makeMortal(death);
    const dying = await world.openProcess({
      name: 'dying',
      only: ['advance', 'deliver'],
      connections,
      leaseMs,
      bend: mortal.bend,
    });
    await dying.queues.ring('advance');
    await dying.queues.ring('deliver');
    await mortal.died();
    await dying.cutOff();

    const second = await world.openProcess({ leaseMs });
    await expect.poll(countOver, { timeout: 60_000 }).toBe(leads);
    await second.stop();
    const inDoubt = mortal.inDoubt.size;
    mortal.release();
    await dying.stop();

    const deliveries = await world.deliveries();
    const unknown = deliveries.filter(({ state }) => state === 'unknown').length;
    const sent = world.sink.accepted.slice(before);
    expect(new Set(sent.map(({ to }) => to)).size).toBe(sent.length);
    expect(deliveries.filter(({ state }) => state === 'sent')).toHaveLength(leads - unknown);
    expect(unknown).toBe(inDoubt);
    if (!uncertain.includes(death)) expect([unknown, sent.length]).toEqual([0, leads]);
    if (death === 'settled, nothing after') expect(unknown).toBeLessThan(leads);
    if (death === 'committing written, dot held back') expect(sent).toHaveLength(leads - unknown);
  });

  const over = ['sent', 'unknown', 'refused', 'cancelled'];
  async function countOver(): Promise<number> {
    return (await world.deliveries()).filter(({ state }) => over.includes(state)).length;
  }
});

// What a process holds: one hold a delivery, the newest; what an older one asks or says is not passed on.
import { expect, it } from 'vitest';
import type { Settlement } from '../../db/settle.ts';
import { type Claimed, type DeliveryLedger, openHoldings } from '../../workers/holdings.ts';
import { recordLog } from '../harness/log.ts';

const clock = { now: async () => 0 };
const claimedAs = (token: string): Claimed =>
  ({
    delivery: { id: '7' },
    facts: { contact: {}, deal: null },
    token,
    addressHash: null,
  }) as unknown as Claimed;

function openLedger() {
  const settled: Settlement[] = [];
  const claims = [claimedAs('first'), claimedAs('second')];
  const ledger: DeliveryLedger = {
    leaseMs: 60_000,
    claim: async () => claims.splice(0, 1),
    // As the ledger answers: by id, and only what is asked under the token that holds the row.
    commit: async (held) => new Set(held.filter(({ token }) => token === 'second').map(({ id }) => id)),
    settle: async (settlements) => settled.push(...settlements),
    renew: async () => undefined,
  };
  return { settled, holdings: openHoldings({ ledger, clock, log: recordLog().log }) };
}

it('a delivery that came back under a new token may leave once, for the newer hold', async () => {
  const { holdings } = openLedger();
  const [older] = await holdings.claim(0, 1);
  const [newer] = await holdings.claim(0, 1);
  if (!older || !newer) throw new Error('nothing was claimed');
  // Asked together, so that both stand in one flush.
  expect(await Promise.all([holdings.commit(older), holdings.commit(newer)])).toEqual([false, true]);
  holdings.close();
});

it('what an older hold came to is not written over what the newer one does', async () => {
  const { holdings, settled } = openLedger();
  const [older] = await holdings.claim(0, 1);
  const [newer] = await holdings.claim(0, 1);
  if (!older || !newer) throw new Error('nothing was claimed');
  holdings.conclude(older, { is: 'withheld', why: 'the fence said no' });
  holdings.conclude(newer, { is: 'sent', reply: '250 ok' });
  await holdings.isSettled();
  expect(settled).toMatchObject([{ token: 'second', outcome: { is: 'sent', reply: '250 ok' } }]);
  holdings.close();
});

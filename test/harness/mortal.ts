// A process that dies between two named stops of the path: from then on nothing that it calls happens, and nothing that
// it waits for comes. Released at a test's end, its calls come back empty-handed, so that it can be closed in order.
import type { Parts } from '../../workers/run.ts';
import { openSignal } from './signal.ts';

export const deaths = [
  'contacts claimed, nothing written',
  'moves written, deliveries not rung for',
  'deliveries claimed, nothing sent',
  'body sent, commit not asked for',
  'committing written, dot held back',
  'reply came, nothing settled',
  'settled, nothing after',
] as const;
export type Death = (typeof deaths)[number];

/** `onDeath`: what else dying is, as a real SIGKILL of this process. */
export function makeMortal(death: Death, onDeath: () => void = () => undefined) {
  const died = openSignal();
  const released = openSignal();
  const isDead = () => died.count > 0;
  /** Let through the fence and not yet settled: the only ones whose fate a dead process takes with it. */
  const inDoubt = new Set<string>();
  const die = () => {
    died.raise();
    onDeath();
  };

  /** Does `act`, unless dead; dies before or after it where told to. */
  async function live<T>(
    act: () => Promise<T>,
    without: T,
    dies: { before?: Death; after?: Death } = {},
  ): Promise<T> {
    if (!isDead() && dies.before === death) die();
    if (isDead()) return await released.reaches(1).then(() => without);
    const done = await act();
    if (dies.after === death) die();
    if (isDead()) return await released.reaches(1).then(() => without);
    return done;
  }

  const bend = (parts: Parts): Parts => {
    const { advance, deliver } = parts;
    const { ledger } = deliver;
    const lost = () => Promise.reject(new Error('the process is dead'));
    const commitNoting: typeof ledger.commit = async (held) => {
      const leaving = await ledger.commit(held);
      for (const id of leaving) inDoubt.add(id);
      return leaving;
    };
    const settleNoting: typeof ledger.settle = async (settlements, now) => {
      const settled = await ledger.settle(settlements, now);
      for (const { id } of settlements) inDoubt.delete(id);
      return settled;
    };
    return {
      ...parts,
      advance: {
        ...advance,
        definitions: {
          ...advance.definitions,
          program: async (db, pinned) =>
            (await live(async () => advance.definitions.program(db, pinned), null, {
              before: 'contacts claimed, nothing written',
            })) ?? (await lost()),
        },
        ring: (name) =>
          live(
            () => advance.ring(name),
            undefined,
            name === 'deliver' ? { before: 'moves written, deliveries not rung for' } : {},
          ),
      },
      deliver: {
        ...deliver,
        ledger: {
          ...ledger,
          claim: (now, limit) =>
            live(async () => {
              const claimed = await ledger.claim(now, limit);
              if (claimed.length > 0 && death === 'deliveries claimed, nothing sent') die();
              return claimed;
            }, []),
          commit: (held) =>
            live(() => commitNoting(held), new Set<string>(), {
              before: 'body sent, commit not asked for',
              after: 'committing written, dot held back',
            }),
          settle: (settlements, now) =>
            live(() => settleNoting(settlements, now), undefined, {
              before: 'reply came, nothing settled',
              after: 'settled, nothing after',
            }),
          renew: (held) => live(() => ledger.renew(held), undefined),
        },
      },
    };
  };
  return { bend, inDoubt, died: () => died.reaches(1), release: released.raise };
}

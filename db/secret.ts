// The ledger and its processes agree on one secret: the first to come leaves its print, the others must bring the same.
import type { Db } from './connect.ts';

/** False where the ledger was begun with another secret. */
export async function agreeOnSecret(db: Db, print: string): Promise<boolean> {
  await db.updateTable('applied').set({ secret_print: print }).where('secret_print', 'is', null).execute();
  const { secret_print } = await db.selectFrom('applied').select('secret_print').executeTakeFirstOrThrow();
  return secret_print === print;
}

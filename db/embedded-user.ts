// Who runs the embedded Postgres: ourselves, but never root, which initdb and postgres refuse.
// Promises: a data folder that exists is run by its owner, so that a later start as root does not change hands.
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** null: run it as we are. */
export async function chooseUser(folder: string): Promise<User | null> {
  const us = process.getuid?.();
  const owner = existsSync(folder) ? await stat(folder) : null;
  if (us !== 0) {
    if (owner && owner.uid !== us)
      throw new Error(
        `The ledger in ${folder} belongs to user ${owner.uid}, and this is user ${us}: start Voronka as that user, or set VORONKA_HOME to another folder.`,
      );
    return null;
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return await findUnprivileged();
}

async function findUnprivileged(): Promise<User> {
  const users = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find(([name]) => name === wanted) ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    'Postgres does not run as root, and this machine has neither a user postgres nor nobody: start Voronka as another user, or set DATABASE_URL.',
  );
}

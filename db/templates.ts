// The compiled templates that are applied now: mail is always composed from these, whatever plan queued it.
import type { Db, Tx } from './connect.ts';
import type { StoredTemplate } from './plans.ts';

export async function readTemplates(db: Db): Promise<StoredTemplate[]> {
  return await db
    .selectFrom('templates')
    .select(['name', 'locale', 'hash', 'body'])
    .orderBy('name')
    .orderBy('locale')
    .execute();
}

/** Without their bodies. */
export async function readTemplateHashes(db: Db | Tx): Promise<Omit<StoredTemplate, 'body'>[]> {
  return await db
    .selectFrom('templates')
    .select(['name', 'locale', 'hash'])
    .orderBy('name')
    .orderBy('locale')
    .execute();
}

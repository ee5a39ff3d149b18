// The secret of this ledger: given, or kept in the home. The ledger remembers its print, so that a process with another
// one is turned away before it mails somebody who unsubscribed under the right one.
import type { Db } from '../db/connect.ts';
import { agreeOnSecret } from '../db/secret.ts';
import type { Config } from './config.ts';
import { deriveSecrets, keepSecret, type Secrets } from './secrets.ts';
import { complaint } from './streams.ts';

export async function openSecrets(config: Config, db: Db): Promise<Secrets> {
  const secrets = deriveSecrets(config.secrets ?? [keepSecret(config.home)]);
  if (await agreeOnSecret(db, secrets.print)) return secrets;
  const source = config.secrets === null ? `the one kept in ${config.home}/secret` : 'this VORONKA_SECRET';
  throw complaint(
    3,
    `The ledger was begun with another secret than ${source}: set VORONKA_SECRET to that one. ` +
      'Where keys are rotated, the oldest stays last: suppressions are hashed with it.',
  );
}

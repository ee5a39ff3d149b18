// The way in for mail: what a mail says of one of our deliveries becomes what the ledger does about it. Shared by the
// listener of MAIL_IN and by `voronka bounces take`.
import type { Clock, Db } from '../db/connect.ts';
import { takeLeaves, takeReports } from '../db/incoming.ts';
import { type Report, readIncoming } from '../mail/incoming.ts';
import type { Key } from '../mail/links.ts';
import { listenForMail } from '../mail/listener.ts';
import type { Deps } from './deps.ts';

export interface MailIn {
  readonly db: Db;
  readonly clock: Clock;
  readonly keys: readonly Key[];
}

export async function takeMail(
  { db, clock, keys }: MailIn,
  raw: Uint8Array,
  to: readonly string[],
): Promise<Report | null> {
  const report = await readIncoming(raw, to, keys);
  if (report === null) return null;
  const now = await clock.now();
  const { is, deliveryId } = report;
  if (is === 'leaves') await takeLeaves(db, [deliveryId], { how: 'unsubscribe mail', now });
  else await takeReports(db, [{ ...report, is }], now);
  return report;
}

/** Listens where MAIL_IN is set. */
export async function openMailIn({ config, closings, log }: Deps, mailIn: MailIn): Promise<void> {
  if (config.mailIn === null) return;
  const listener = await listenForMail({
    url: config.mailIn,
    take: async (raw, to) => {
      const report = await takeMail(mailIn, raw, to);
      log.info({ is: report?.is ?? 'nothing of ours', deliveryId: report?.deliveryId }, 'a mail came in');
    },
    fails: (error) =>
      log.error({ err: error }, 'a mail that came in could not be taken: its sender is told to try again'),
  });
  closings.add('mail listener', listener.close);
  log.info({ port: listener.port }, 'bounces and replies are taken in');
}

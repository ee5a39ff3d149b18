// DNS as the internet answers it, by this machine's name servers or by one that is named. A name or a record that does
// not exist is an answer: none. Anything else is thrown, and makes a check unknown.
import { Resolver as Asker } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Resolver } from './finding.ts';

/** `server`: an address with or without a port; null: as this machine is set up. */
export function openResolver(server: string | null): Resolver {
  const asker = new Asker({ timeout: 3_000, tries: 2 });
  if (server !== null) asker.setServers([isIP(server) === 6 ? `[${server}]` : server]);
  return {
    txt: async (name) => (await none(asker.resolveTxt(name))).map((strings) => strings.join('')),
    mx: (name) => none(asker.resolveMx(name)),
    addresses: async (name) =>
      (await Promise.all([none(asker.resolve4(name)), none(asker.resolve6(name))])).flat(),
    reverse: (ip) => none(asker.reverse(ip)),
  };
}

async function none<T>(answer: Promise<T[]>): Promise<T[]> {
  return answer.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTFOUND' || error.code === 'ENODATA') return [];
    throw error;
  });
}

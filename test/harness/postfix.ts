// A Postfix of the trial's own: an instance with its own configuration, queue, data folder and ports, never the machine's.
// It takes mail on loopback, keeps what is for the living in a maildir each, bounces the rest, and hands what comes to the
// bounce domain to a port of ours. It needs root (Postfix changes its user); where it cannot run, this file says so, loudly.
import { execFile, execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from './redis.ts';

const run = promisify(execFile);
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

/** Null: it can be started here. */
export function postfixProblem(): string | null {
  if (process.getuid?.() !== 0) return 'Postfix starts as root alone, and this is not root';
  try {
    execFileSync('postconf', ['-d', 'mail_version'], { env, stdio: 'ignore' });
    return null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return 'Postfix is not installed';
    throw error;
  }
}

/** By apt, unconfigured, so that nothing of the machine's own starts to listen; where it is missing and can be had. */
export async function installPostfix(): Promise<void> {
  const problem = postfixProblem();
  if (problem === null) return;
  if (process.getuid?.() !== 0) throw new Error(`${problem}: run the trial as root`);
  process.stderr.write('Postfix is not installed: installing it by apt\n');
  const script = `set -e
    echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends --no-remove postfix`;
  await run('sh', ['-c', script], { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } }).catch((cause) => {
    throw new Error('Postfix could not be installed by apt: install it by hand, then run the trial', {
      cause,
    });
  });
}

export interface PostfixSettings {
  /** Addresses with a mailbox, each in a domain of `mailboxDomain`; others there are unknown. */
  readonly living: readonly string[];
  readonly mailboxDomain: string;
  /** What becomes of other domains, in the words of transport(5). */
  readonly transports: Readonly<Record<string, string>>;
}

export interface Postfix {
  /** smtp://127.0.0.1:port, to relay through. */
  readonly url: string;
  /** One folder an address; what was delivered stands in its `new`. */
  readonly mailboxes: string;
  /** Mails that are in its hands still. */
  queued(): Promise<number>;
  /** Its own log. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export async function startPostfix(settings: PostfixSettings): Promise<Postfix> {
  const folder = await mkdtemp(join(tmpdir(), 'voronka-postfix-'));
  const port = await findFreePort();
  const etc = join(folder, 'etc');
  const mailboxes = join(folder, 'mailboxes');
  await chmod(folder, 0o755);
  for (const name of ['etc', 'queue', 'data', 'mailboxes']) await mkdir(join(folder, name));
  await chown(join(folder, 'data'), await idOf('-u', 'postfix'), await idOf('-g', 'postfix'));
  await chown(mailboxes, await idOf('-u', 'nobody'), await idOf('-g', 'nobody'));
  const lines = (table: Iterable<readonly [string, string]>) =>
    [...table].map(([key, value]) => `${key} ${value}\n`).join('');
  await writeFile(join(etc, 'living'), lines(settings.living.map((one) => [one, `${one.split('@')[0]}/`])));
  await writeFile(join(etc, 'transport'), lines(Object.entries(settings.transports)));
  await writeFile(
    join(etc, 'main.cf'),
    await mainOf(folder, settings, {
      uid: await idOf('-u', 'nobody'),
      gid: await idOf('-g', 'nobody'),
    }),
  );
  await writeFile(join(etc, 'master.cf'), masterOf(port));
  await control(etc, 'start');
  return {
    url: `smtp://127.0.0.1:${port}`,
    mailboxes,
    queued: async () => {
      const { stdout } = await run('postqueue', ['-c', etc, '-j'], { env, maxBuffer: 1e8 });
      return stdout.split('\n').filter(Boolean).length;
    },
    log: () => readFile(join(folder, 'log'), 'utf8'),
    stop: async () => {
      await control(etc, 'stop');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function idOf(which: '-u' | '-g', name: string): Promise<number> {
  return Number((await run('id', [which, name])).stdout);
}

async function control(etc: string, what: 'start' | 'stop'): Promise<void> {
  await run('postfix', ['-c', etc, what], { env });
}

/** It takes whatever it is given and finds out later, as a relay does: a bounce is a mail, not a reply. */
async function mainOf(
  folder: string,
  { mailboxDomain }: PostfixSettings,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<string> {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
myhostname = relay.acme.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtp_dns_support_level = disabled
smtpd_reject_unlisted_recipient = no
in_flow_delay = 0
alias_maps =
alias_database =
virtual_mailbox_domains = ${mailboxDomain}
virtual_mailbox_base = ${folder}/mailboxes
virtual_mailbox_maps = texthash:${folder}/etc/living
virtual_uid_maps = static:${uid}
virtual_gid_maps = static:${gid}
transport_maps = texthash:${folder}/etc/transport
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
`;
}

/** No chroot anywhere: the folder is a temporary one. */
function masterOf(port: number): string {
  const services = [
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    ...['bounce', 'defer', 'trace'].map((name) => `${name} unix - - n - 0 bounce`),
    'flush unix n - n 1000? 0 flush',
    'proxymap unix - - n - - proxymap',
    'showq unix n - n - - showq',
    'virtual unix - n n - - virtual',
    'smtp unix - - n - - smtp',
    ...['error', 'retry'].map((name) => `${name} unix - - n - - error`),
    ...['anvil', 'scache'].map((name) => `${name} unix - - n - 1 ${name}`),
    'postlog unix-dgram n - n - 1 postlogd',
  ];
  return `127.0.0.1:${port} inet n - n - - smtpd\n${services.join('\n')}\n`;
}

// Where a Redis is, as one URL: a single server, the Sentinels of one, or the nodes of a Cluster. The web's URL
// grammar knows one host only, so this one is read here; a complaint never repeats the password.

export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly username: string;
  readonly password: string;
  /** The master's name; Sentinel only. */
  readonly name: string;
  readonly sentinelPassword: string;
  readonly db: number;
}

const grammar = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^@/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;
const forms =
  'redis://host:6379/0, rediss://user:password@host:6379, redis+sentinel://a:26379,b:26379/name, redis+cluster://a:6379,b:6379';

/** Throws one line that shows the forms when the text is none of them. */
export function parseRedisUrl(text: string): RedisAddress {
  const found = grammar.exec(text.trim());
  if (!found) throw new Error(`REDIS_URL is not one of ${forms}`);
  const [, secure, kind = 'single', login = '', hostList = '', path = '', query = ''] = found;
  const [username = '', ...rest] = login.split(':');
  const hosts = hostList.split(',').map((one) => parseHost(one, kind === 'sentinel' ? 26379 : 6379));
  if (kind === 'single' && hosts.length > 1)
    throw new Error('REDIS_URL names several hosts: write redis+sentinel:// or redis+cluster://');
  const [name, db] = kind === 'sentinel' ? path.split('/') : ['', path];
  if (kind === 'sentinel' && !name)
    throw new Error('REDIS_URL lacks the name of the master: redis+sentinel://host:26379/name');
  if (db && !/^\d+$/.test(db)) throw new Error(`REDIS_URL ends in "${db}", where a database number stands`);
  return {
    kind: kind as RedisAddress['kind'],
    hosts,
    tls: secure === 's',
    username: decodeURIComponent(username),
    password: decodeURIComponent(rest.join(':')),
    name: decodeURIComponent(name ?? ''),
    sentinelPassword: new URLSearchParams(query).get('sentinel_password') ?? '',
    db: Number(db || 0),
  };
}

function parseHost(text: string, standardPort: number): { host: string; port: number } {
  const found = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  if (!found) throw new Error(`REDIS_URL names a host that cannot be read: it should be host:port`);
  const [, host = '', port] = found;
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? standardPort) };
}

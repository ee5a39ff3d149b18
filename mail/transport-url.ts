// SMTP_URL: smtp://user:password@host:587?require_tls=1, smtps://host. Read once, every complaint in words.
import { isIP } from 'node:net';

export interface Server {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** STARTTLS or nothing. */
  readonly requireTls: boolean;
  readonly ignoreTls: boolean;
  /** Whether its certificate must be one that the world trusts. */
  readonly verifyTls: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

const FLAGS = ['require_tls', 'ignore_tls', 'verify_tls'];

/** Throws one line that says what is wrong and how it is written. */
export function readSmtpUrl(text: string): Server {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    throw new Error(
      'SMTP_URL is no address of a mail server; write smtp://user:password@host:587 or smtps://host',
    );
  for (const name of url.searchParams.keys())
    if (!FLAGS.includes(name)) throw new Error(`SMTP_URL knows no "${name}"; it knows ${FLAGS.join(', ')}`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'smtps:';
  const auth =
    url.username === ''
      ? null
      : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  const isNear = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  const flag = (name: string, fallback: boolean) => {
    const value = url.searchParams.get(name);
    return value === null ? fallback : !['0', 'false', 'no'].includes(value);
  };
  const ignoreTls = flag('ignore_tls', false);
  return {
    host,
    port: url.port === '' ? (secure ? 465 : auth === null ? 25 : 587) : Number(url.port),
    secure,
    // A password never crosses a network in the clear because somebody took STARTTLS out of the greeting.
    requireTls: flag('require_tls', auth !== null && !secure && !isNear && !ignoreTls),
    ignoreTls,
    verifyTls: flag('verify_tls', !isNear),
    auth,
  };
}

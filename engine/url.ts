// The address of a call as it is written: https, a host with a name, nothing secret before it. Addresses of machines are
// refused by whoever calls, when the name has been resolved; here only what can be seen in the text.
import type { Report } from './diagnostic.ts';
import type { Located } from './source.ts';

/** null: it is no such address, which has been reported. */
export function readUrl(text: string, at: Located, report: Report): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const problem = problemOf(text, url);
  if (problem !== null) report('bad-url', at, ...problem);
  else if (url?.protocol === 'http:')
    report(
      'open-call',
      at,
      'this call goes unencrypted, and only to a host that VORONKA_CALL_HOSTS names',
      'write https://',
    );
  return problem === null ? url : null;
}

function problemOf(text: string, url: URL | null): [message: string, hint: string] | null {
  const example = 'for example https://crm.example/hooks/voronka';
  if (/\{\{|\{%/.test(text))
    return ['the address of a call is the same for everybody', 'put facts into `with:`'];
  if (url === null) return [`\`${text}\` is no address`, example];
  if (!['https:', 'http:'].includes(url.protocol))
    return [`a call goes over https, not ${url.protocol.slice(0, -1)}`, example];
  if (url.username !== '' || url.password !== '')
    return [
      'an address with a user or a password in it is not called',
      'calls are signed; check the signature',
    ];
  return null;
}

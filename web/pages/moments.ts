// Instants as an operator reads them: UTC, and saying so, to the second, in one form everywhere, so that lines can be compared.
import { type Html, html } from './html.ts';

/** "2026-11-23 10:04:12 UTC", in a <time> that machines read. */
export function moment(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

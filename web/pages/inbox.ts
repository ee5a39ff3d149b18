// The catcher's inbox, and one mail of it from three sides: as a client shows it, as text, and as it came.
import type { CaughtMail, CaughtSummary } from '../../mail/catcher.ts';
import { pathOf } from './contacts.ts';
import { type Html, html } from './html.ts';
import { operatorPage } from './layout.ts';
import { moment } from './moments.ts';

export type Side = 'html' | 'text' | 'source';

export function inboxPage(mails: readonly CaughtSummary[], all: number): string {
  return operatorPage(
    { title: 'Inbox', place: 'inbox', hasInbox: true, live: 2 },
    html`<h1>Inbox</h1>
<p class="lead">${all === 0 ? 'Mails land here instead of being sent, because SMTP_URL is not set.' : `${all.toLocaleString('en')} mails landed here instead of being sent, because SMTP_URL is not set.`}${
      all > mails.length && ` The newest ${mails.length} are shown.`
    }</p>`,
    mails.length === 0
      ? html`<section class="panel empty"><h2>No mail yet</h2><p class="quiet">It appears here within a second of being sent.</p></section>`
      : html`<ul class="mails">${mails.map(row)}</ul>`,
  );
}

function row({ id, to, subject, at }: CaughtSummary): Html {
  return html`<li><a href="/inbox/${id}"><span class="to">${to}</span><span class="subject">${subject || '(no subject)'}</span>${moment(at)}</a></li>`;
}

/** `recipient`: the key of the contact it was written to, where it is a mail of ours. */
export function mailPage(mail: CaughtMail, side: Side, recipient: string | null): string {
  return operatorPage(
    { title: mail.subject || '(no subject)', place: 'inbox', hasInbox: true },
    html`<h1 class="break">${mail.subject || '(no subject)'}</h1>
<dl class="facts panel heads"><dt>From</dt><dd>${mail.from}</dd><dt>To</dt><dd>${mail.to}</dd><dt>Came</dt><dd>${moment(mail.at)}</dd>${
      recipient !== null &&
      html`<dt>Why</dt><dd><a href="${pathOf(recipient)}">What led to this mail</a></dd>`
    }</dl>
<nav class="tabs" aria-label="Sides of this mail">${(['html', 'text', 'source'] as const).map((one) => tab(mail.id, one, side))}</nav>`,
    view(mail, side),
  );
}

const names: { readonly [side in Side]: string } = { html: 'HTML', text: 'Text', source: 'Source' };

function tab(id: string, one: Side, here: Side): Html {
  const path = one === 'html' ? `/inbox/${id}` : `/inbox/${id}?view=${one}`;
  return one === here
    ? html`<a href="${path}" aria-current="page">${names[one]}</a>`
    : html`<a href="${path}">${names[one]}</a>`;
}

function view(mail: CaughtMail, side: Side): Html {
  if (side === 'html' && mail.html !== null)
    return html`<iframe class="mail" title="The mail as a client shows it" src="/inbox/${mail.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`;
  const shown = { html: null, text: mail.text, source: mail.source }[side];
  return html`<pre class="mail" tabindex="0">${shown ?? `This mail has no ${names[side]} part.`}</pre>`;
}

/** The mail's own HTML, its links opening beside. Not escaped: its frame and its policy are what keep it harmless. */
export function mailDocument({ html: body }: CaughtMail): string {
  const beside = '<base target="_blank">';
  const text = body ?? '';
  return /<head[\s>]/i.test(text)
    ? text.replace(/<head(\s[^>]*)?>/i, (head) => head + beside)
    : beside + text;
}

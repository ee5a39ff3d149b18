// Where one looks for a contact. By id alone: an address or a name in a URL would stay in logs and histories.
import type { ActiveContact } from '../../db/why.ts';
import { type Html, html } from './html.ts';
import { operatorPage } from './layout.ts';
import { moment } from './moments.ts';

export function pathOf(key: string): string {
  return `/contacts/${encodeURIComponent(key)}`;
}

export function contactsPage(active: readonly ActiveContact[], hasInbox: boolean): string {
  return operatorPage(
    { title: 'Contacts', place: 'contacts', hasInbox, live: 5 },
    html`<h1>Contacts</h1><p class="lead">A contact's page says why it got a mail, or did not.</p>
<form class="find" action="/contacts"><label for="id">Your id of the contact</label>
<div><input id="id" name="id" type="text" placeholder="c-17" required autocomplete="off" spellcheck="false"><button>Open</button></div></form>`,
    active.length === 0
      ? html`<section class="panel empty"><h2>Nobody yet</h2><p class="quiet">A contact is made by its first event.</p></section>`
      : html`<h2 class="over">To whom something happened lately</h2><ul class="mails">${active.map(row)}</ul>`,
  );
}

function row({ key, name, company, lastAt, lastType }: ActiveContact): Html {
  const who = [name || key, company].filter(Boolean).join(', ');
  return html`<li><a href="${pathOf(key)}"><span class="to">${lastType}</span><span class="subject">${who}</span>${moment(lastAt)}</a></li>`;
}

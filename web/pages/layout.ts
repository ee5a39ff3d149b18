// The frame around a page: one for operators (a bar with where one can go), one for those who got a mail (a card, and
// nothing that leads anywhere else). Both load the stylesheet by its content's hash, so that it is kept for good.
import { createHash } from 'node:crypto';
import { type Html, html, type Part } from './html.ts';
import { live } from './live.ts';
import { style } from './style.ts';

const fingerprint = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** What the pages load, by path. */
export const assets = {
  style: { path: `/assets/${fingerprint(style)}.css`, type: 'text/css; charset=utf-8', text: style },
  live: { path: `/assets/${fingerprint(live)}.js`, type: 'text/javascript; charset=utf-8', text: live },
} as const;

type Place = 'home' | 'contacts' | 'inbox' | 'none';

export interface Frame {
  readonly title: string;
  readonly place: Place;
  /** The inbox is offered where there is one. */
  readonly hasInbox: boolean;
  /** Seconds between looks for something new; not live where it is left out. */
  readonly live?: number;
}

export function operatorPage(frame: Frame, ...body: readonly Part[]): string {
  const seconds = frame.live;
  const main =
    seconds === undefined
      ? html`<main id="main" class="page">${body}</main>`
      : html`<main id="main" class="page" data-live="${seconds}">${body}</main>`;
  return document(
    'en',
    `${frame.title} · Voronka`,
    html`<a class="skip" href="#main">Skip to the content</a>
<header class="bar"><div class="bar-in">
<a class="brand" href="/">${funnel}Voronka</a>
<nav class="nav" aria-label="Pages">${link('/', 'Overview', frame.place === 'home')}${link('/contacts', 'Contacts', frame.place === 'contacts')}${
      frame.hasInbox && link('/inbox', 'Inbox', frame.place === 'inbox')
    }</nav>
</div></header>
${main}
${seconds !== undefined && html`<script src="${assets.live.path}" defer></script>`}`,
  );
}

/** For someone who came from a mail: their language, the company's name, one thing to read or to do. */
export function letterPage(lang: string, title: string, company: string, ...body: readonly Part[]): string {
  return document(
    lang,
    title,
    html`<main class="letter"><div class="card"><p class="from">${company}</p>${body}</div></main>`,
  );
}

function document(lang: string, title: string, body: Html): string {
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath fill='%230f5f56' d='M2 4h20l-8 9v7l-4 2v-9z'/%3E%3C/svg%3E">
<link rel="stylesheet" href="${assets.style.path}">
</head>
<body>
${body}
</body>
</html>
`.text;
}

function link(path: string, name: string, isHere: boolean): Html {
  return isHere
    ? html`<a href="${path}" aria-current="page">${name}</a>`
    : html`<a href="${path}">${name}</a>`;
}

const funnel = html`<svg width="24" height="24" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M2 3h20l-2.2 4H4.200zM5.300 9h13.400l-2.200 4H7.500zM8.600 15h6.800l-1.400 2.600V20l-4 2v-4.400z"/></svg>`;

export const tick = html`<span class="mark"><svg width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 12.500l5.500 5.500L20 7"/></svg></span>`;

// One contact: who it is, its way through each workflow with the reason for every move, its mails with their state
// and reason, and what it did. Newest first; everything that strangers wrote is escaped by the template.
import type { Contact } from '../../db/contacts.ts';
import type { ContactPast, KnownDeal, KnownDelivery, KnownEvent, KnownRun } from '../../db/why.ts';
import type { Fields, Json } from '../../engine/step.ts';
import type { Absence } from '../../engine/why-not.ts';
import { askedAt, tellHit, tellReason, tellSuppression } from '../told.ts';
import { type Html, html } from './html.ts';
import { operatorPage } from './layout.ts';
import { moment } from './moments.ts';
import { mailTag } from './tags.ts';

export function contactPage(past: ContactPast, absences: readonly Absence[], hasInbox: boolean): string {
  const { contact } = past;
  const name = nameOf(contact);
  return operatorPage(
    { title: name, place: 'contacts', hasInbox },
    html`<h1 class="break">${name}</h1><p class="lead">Contact <code>${contact.key}</code></p>`,
    contact.parkedWhy !== null &&
      html`<section class="panel"><h2 class="wrong">Parked</h2><p>${contact.parkedWhy}</p></section>`,
    html`<div class="two">${[who(contact.facts, past.suppressions), deals(past.deals)]}</div>`,
    runs(past.runs),
    notIn(absences),
    deliveries(past.deliveries),
    events(past.events),
  );
}

function nameOf({ key, facts }: Contact): string {
  const names = [facts.first_name, facts.last_name].filter((name) => typeof name === 'string');
  return names.join(' ') || key;
}

const apart = ['id', 'first_name', 'last_name', 'consent'];

function who({ consent = {}, ...facts }: Fields, suppressions: ContactPast['suppressions']): Html {
  const known = Object.entries(facts).filter(([field]) => !apart.includes(field));
  const topics = Object.entries(consent as Fields);
  return html`<section class="panel"><h2>Who</h2><dl class="facts">${known.map(
    ([field, value]) => html`<dt>${field}</dt><dd>${factOf(field, value)}</dd>`,
  )}<dt>consent</dt><dd>${topics.map(([topic, given]) => consentTag(topic, given))}${
    topics.length === 0 && html`<span class="quiet">none given</span>`
  }</dd>${suppressions.map(
    ({ topic, reason, at }) =>
      html`<dt>suppressed</dt><dd>${topic === '*' ? 'every mail' : topic}: ${tellSuppression(reason)}, ${moment(at)}</dd>`,
  )}</dl></section>`;
}

function factOf(field: string, value: Json): Html | string {
  return field === 'created_at' && typeof value === 'number' ? moment(value) : inWords(value);
}

function consentTag(topic: string, given: Json): Html {
  return html`<span class="tag ${given === true ? 'good' : 'bad'}">${topic}: ${given === true ? 'yes' : 'no'}</span> `;
}

function deals(known: readonly KnownDeal[]): Html {
  return html`<section class="panel"><h2>Deals</h2>${known.map(deal)}${
    known.length === 0 && html`<p class="quiet">None.</p>`
  }</section>`;
}

function deal({ key, facts, history }: KnownDeal): Html {
  const { title = key, stage, amount, currency = '' } = facts;
  return html`<div class="run"><header><h3 class="break">${inWords(title)}</h3>${
    typeof stage === 'string' && html`<span class="tag">${stage}</span>`
  }${
    typeof amount === 'number' &&
    html`<span class="quiet num">${amount.toLocaleString('en')} ${inWords(currency)}</span>`
  }</header>
<ol class="story">${history.map(
    ({ at, to, late }) =>
      html`<li>${moment(at)}<span>${to}${late && html` <span class="quiet">(came late)</span>`}</span></li>`,
  )}</ol></div>`;
}

function runs(known: readonly KnownRun[]): Html {
  return html`<section class="panel"><h2>Workflows, and why</h2>${known.map(
    (run) => html`<article class="run"><header><h3>${run.workflow}</h3>${runTag(run)}${
      run.deal !== null && html`<span class="quiet">deal ${run.deal}</span>`
    }</header>
<ol class="story">${run.lines.map(
      (line) =>
        html`<li>${moment(line.at)}<span><b>${line.what}</b>${line.node !== null && html` <code>${line.node}</code>`} <span class="break">${line.why}</span></span></li>`,
    )}</ol></article>`,
  )}${known.length === 0 && html`<p class="quiet">This contact has not entered a workflow.</p>`}</section>`;
}

/** As the facts stand now: what they were at the time of an event is in that event. */
function notIn(absences: readonly Absence[]): Html | false {
  if (absences.length === 0) return false;
  return html`<section class="panel"><h2>Not in, and why not</h2><table class="stack"><thead><tr><th scope="col">Workflow</th><th scope="col">Why</th></tr></thead>
<tbody>${absences.map(
    ({ workflow, why }) => html`<tr><td>${workflow}</td><td class="break">${why}</td></tr>`,
  )}</tbody></table></section>`;
}

function runTag(run: KnownRun): Html {
  if (run.endedAt === null)
    return html`<span class="tag">at ${run.node}${run.wakeAt !== null && html`, until ${moment(run.wakeAt)}`}</span>`;
  return html`<span class="tag ${run.goal ? 'good' : ''}">${run.goal ? 'goal' : 'left'}: ${run.outcome}</span>`;
}

function deliveries(known: readonly KnownDelivery[]): Html {
  return html`<section class="panel"><h2>Mails and other deliveries</h2>
${
  known.length === 0
    ? html`<p class="quiet">None.</p>`
    : html`<table class="stack"><thead><tr>${['When', 'What', 'Step', 'State', 'Why'].map(
        (head) => html`<th scope="col">${head}</th>`,
      )}</tr></thead>
<tbody>${known.map(
        (one) =>
          html`<tr><td class="when">${moment(one.settledAt ?? one.dueAt)}</td><td>${whatOf(one)}</td><td class="break">${one.workflow} / ${one.node}</td><td>${mailTag(one.state)}</td><td class="break">${reason(one)}</td></tr>`,
      )}</tbody></table>`
}</section>`;
}

function reason(one: KnownDelivery): Html {
  const asked = askedAt(one);
  return html`${tellReason(one)}${one.attempt > 1 && html` <span class="quiet">(try ${one.attempt})</span>`}${
    asked !== null && html` <span class="quiet">(asked for ${moment(asked)})</span>`
  }${one.hits.length > 0 && html`<ul class="hits">${one.hits.map((hit) => html`<li>${moment(hit.at)} ${tellHit(hit)}</li>`)}</ul>`}`;
}

function whatOf({ payload, verb }: KnownDelivery): string {
  const template =
    typeof payload === 'object' && payload !== null && 'template' in payload && payload.template;
  return typeof template === 'string' ? template : verb;
}

function events(known: readonly KnownEvent[]): Html {
  return html`<section class="panel"><h2>Events</h2>
${
  known.length === 0
    ? html`<p class="quiet">None.</p>`
    : html`<table class="stack"><thead><tr>${['At', 'Type', 'Deal', 'Id', 'With'].map(
        (head) => html`<th scope="col">${head}</th>`,
      )}</tr></thead>
<tbody>${known.map(
        (one) =>
          html`<tr><td class="when">${moment(one.at)}</td><td>${one.type}${one.isUnread && html` <span class="tag">unread</span>`}</td><td>${one.deal}</td><td class="break"><code>${one.sourceId}</code></td><td class="break">${withWhat(one)}</td></tr>`,
      )}</tbody></table>`
}</section>`;
}

function withWhat({ data }: KnownEvent): string {
  const said = Object.entries(data).filter(([, value]) => value !== null && value !== false);
  return said.map(([field, value]) => `${field}: ${inWords(value)}`).join(', ');
}

function inWords(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

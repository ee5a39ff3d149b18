// What runs here, at a glance: deals by stage, runs by workflow, mails by state. Every bar is also a number.
import type { Breaker } from '../../db/breakers.ts';
import type { RunCount, StageCount } from '../../db/reports.ts';
import type { DeliveryState } from '../../db/schema.ts';
import type { Pipeline } from '../../engine/catalogue.ts';
import { type Html, html } from './html.ts';
import { operatorPage } from './layout.ts';
import { mailTag } from './tags.ts';

const count = (n: number) => n.toLocaleString('en');

export interface Overview {
  readonly contacts: number;
  readonly stages: readonly StageCount[];
  readonly workflows: readonly RunCount[];
  readonly breakers: readonly Breaker[];
  readonly mails: { readonly [state in DeliveryState]: number };
}

export interface Here {
  readonly now: number;
  readonly hasInbox: boolean;
  readonly publicUrl: string;
}

export function homePage(overview: Overview, pipelines: readonly Pipeline[], here: Here): string {
  const { hasInbox } = here;
  const isEmpty = overview.contacts === 0;
  return operatorPage(
    { title: 'Overview', place: 'home', hasInbox, live: 3 },
    html`<h1>What runs here</h1>
<p class="lead">Deals come in by events, workflows move contacts, mails go out. Figures are those of the ledger, as of now.</p>`,
    overview.breakers.map(tripped),
    isEmpty ? emptyState(here) : figures(overview),
    !isEmpty && [
      stagesOf(overview, pipelines).map(dealsByStage),
      html`<div class="two">${[runsByWorkflow(overview), mailsByState(overview)]}</div>`,
    ],
  );
}

function tripped({ scope, state, why }: Breaker): Html {
  const next = state === 'paused' && html` Once it is mended: <code>voronka breaker reset ${scope}</code>`;
  return html`<p class="notice"><b>${scope} is ${state === 'paused' ? 'paused' : 'near its bound'}.</b> ${why}.${next}</p>`;
}

function figures(overview: Overview): Html {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
  const shown: readonly (readonly [string, number])[] = [
    ['Contacts', overview.contacts],
    ['Deals', sum(overview.stages.map((stage) => stage.deals))],
    ['Runs under way', sum(overview.workflows.map((one) => one.underWay))],
    ['Mails sent', overview.mails.sent],
  ];
  return html`<dl class="panel figures">${shown.map(
    ([name, n]) => html`<div><dt>${name}</dt><dd>${count(n)}</dd></div>`,
  )}</dl>`;
}

interface Funnel {
  readonly title: string;
  readonly stages: readonly { readonly stage: string; readonly deals: number }[];
}

/** Every stage of a declared pipeline in its order, the empty ones too; a pipeline that is no longer declared as it is. */
function stagesOf({ stages }: Overview, pipelines: readonly Pipeline[]): readonly Funnel[] {
  const names = new Set([...pipelines.map((one) => one.name), ...stages.map((one) => one.pipeline)]);
  return [...names].map((name) => {
    const counted = stages.filter((one) => one.pipeline === name);
    const declared = pipelines.find((one) => one.name === name)?.stages ?? [];
    const order = new Set([...declared, ...counted.map((one) => one.stage)]);
    return {
      title: names.size === 1 ? 'Deals by stage' : `Deals by stage: ${name}`,
      stages: [...order].map((stage) => ({
        stage,
        deals: counted.find((one) => one.stage === stage)?.deals ?? 0,
      })),
    };
  });
}

function dealsByStage({ title, stages }: Funnel): Html {
  const most = Math.max(1, ...stages.map((stage) => stage.deals));
  return html`<section class="panel"><h2>${title}</h2>
<table><thead><tr><th scope="col">Stage</th><th scope="col" class="num">Deals</th><th scope="col"><span class="sr">Share</span></th></tr></thead>
<tbody>${stages.map(
    ({ stage, deals }) =>
      html`<tr><th scope="row">${stage}</th><td class="num">${count(deals)}</td><td class="bars"><svg aria-hidden="true"><rect width="${((deals / most) * 100).toFixed(1)}%" height="14" rx="3" fill="currentColor"/></svg></td></tr>`,
  )}</tbody></table></section>`;
}

function runsByWorkflow({ workflows }: Overview): Html {
  return html`<section class="panel"><h2>Runs by workflow</h2>
<div class="scroll"><table><thead><tr><th scope="col">Workflow</th>${[
    'Entered',
    'Under way',
    'Goal',
    'Left',
  ].map((name) => html`<th scope="col" class="num">${name}</th>`)}</tr></thead>
<tbody>${workflows.map(
    (one) =>
      html`<tr><th scope="row">${one.workflow}</th>${[one.entered, one.underWay, one.goal, one.left].map(
        (n) => html`<td class="num">${count(n)}</td>`,
      )}</tr>`,
  )}</tbody></table></div>
${workflows.length === 0 && html`<p class="quiet">Nobody has entered a workflow yet.</p>`}</section>`;
}

function mailsByState({ mails }: Overview): Html {
  const shown = Object.entries(mails).filter(([, n]) => n > 0);
  return html`<section class="panel"><h2>Mails by state</h2>
<table><thead><tr><th scope="col">State</th><th scope="col" class="num">Mails</th></tr></thead>
<tbody>${shown.map(([state, n]) => html`<tr><td>${mailTag(state)}</td><td class="num">${count(n)}</td></tr>`)}</tbody></table>
${shown.length === 0 && html`<p class="quiet">No mail yet.</p>`}
${mails.unknown > 0 && html`<p class="small quiet">Unknown: the server may or may not have taken them. They are never sent again by themselves.</p>`}</section>`;
}

function emptyState({ publicUrl, now }: Here): Html {
  return html`<section class="panel empty"><h2>Nothing has happened yet</h2>
<p>Send the first event, and this page fills by itself. <code>voronka key create</code> makes a key.</p>
<pre tabindex="0">curl ${publicUrl}/v1/events \\
  -H 'Authorization: Bearer YOUR_KEY' -H 'Content-Type: application/json' \\
  -d '{"id": "first-1", "type": "deal.stage_changed", "at": "${new Date(now).toISOString()}",
       "contact": {"id": "c-1", "email": "anna@acme.example", "first_name": "Anna",
                   "consent": {"marketing": true}},
       "deal": {"id": "d-1", "pipeline": "sales", "stage": "Qualification"}}'</pre></section>`;
}

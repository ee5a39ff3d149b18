// What the golden files may speak of: one pipeline, a few templates in two languages, a few fields.
import type { TemplateSummary } from '../../engine/catalogue.ts';
import { readCatalogue } from '../../engine/declarations.ts';
import type { SourceFile } from '../../engine/source.ts';

const pipelines = `pipelines:
  sales:
    stages: [New, Qualification, Offer, Won, Lost]
    won: [Won]
    lost: [Lost]
`;
const facts = `contact:
  employees: number
  industry: text
deal:
  renewal_on: instant
  budget: text
  loss_reason: { type: text, after_outcome: true }
`;
const teams = `people:
  olga: { name: Olga, email: olga@acme.example, zone: Europe/Moscow }
  ivan: { name: Ivan }
  sales-lead: { name: Maria }
teams:
  sales: { members: [olga, ivan], lead: sales-lead }
`;
const scores = `fit:
  - { id: large, if: contact.employees >= 100, points: 30 }
  - { id: budget, if: deal.budget == "set", points: 20 }
engagement:
  half_life: 30 days
  rules:
    - { id: clicks, when: contact clicks, points: 10, cap: 40 }
    - { id: webinar, when: event "webinar.joined", points: 25, half_life: 10 days }
    - { id: leaves, when: contact unsubscribes, points: -50, half_life: never }
  given: { cap: 50 }
grades:
  fit: { A: 50, B: 25 }
  engagement: { 1: 60, 2: 25 }
thresholds:
  MQL: { score: total, at: 60 }
  SQL: { score: total, at: 90 }
`;
const marketing: TemplateSummary = { locales: ['en', 'ru'], topic: 'marketing', needs: [] };

const templates: { readonly [name: string]: TemplateSummary } = {
  intro: marketing,
  'case-study': marketing,
  'qualification-intro': marketing,
  english: { ...marketing, locales: ['en'] },
  nps: { locales: ['en', 'ru'], topic: null, needs: [], asks: true },
  'needs-form': { locales: ['en', 'ru'], topic: null, needs: [], form: 'needs' },
  'lost-form': { locales: ['en', 'ru'], topic: null, needs: [], form: 'need' },
  'task-notice': { locales: ['en', 'ru'], topic: null, needs: [] },
  invoice: { locales: ['en', 'ru'], topic: null, needs: ['deal.title'] },
};

const surveys = `surveys:
  nps: { template: nps, question: { en: How likely? }, low: { en: never }, high: { en: always } }
`;

const declared: readonly SourceFile[] = [
  { path: 'pipelines.yaml', text: pipelines },
  { path: 'facts.yaml', text: facts },
  { path: 'teams.yaml', text: teams },
  { path: 'surveys.yaml', text: surveys },
  { path: 'scores.yaml', text: scores },
];

/** The declarations of a golden folder stand in for these where it has its own. */
export function goldenCatalogue(files: readonly SourceFile[]) {
  const own = declared.filter(({ path }) => !files.some((file) => file.path.endsWith(path)));
  return readCatalogue([...own, ...files], templates);
}

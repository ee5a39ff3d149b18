// scores.yaml: fit from facts, engagement from events that people cause, grades over both, and thresholds with names. A
// score is a fold: every point of it has its reason. No rule may lean on a score, and one that leans on what is known
// only after the outcome is told so.

import type { Catalogue } from './catalogue.ts';
import { createConditions } from './condition.ts';
import { checkCondition } from './condition-check.ts';
import { defineDeclaration, type Read } from './declaration.ts';
import type { Report } from './diagnostic.ts';
import { isTimed, readPhrase } from './phrase.ts';
import { placeAt, readMs } from './read-values.ts';
import type { EventRule, FitRule, ScoreRules } from './score-rules.ts';
import { type ScoresSource, scoresShape } from './score-shape.ts';
import type { Located } from './source.ts';
import type { Fields, Json } from './step.ts';

const example = `fit:
  - id: decides
    if: contact.locale == "en"
    points: 15
engagement:
  half_life: 30 days
  rules:
    - id: clicks
      when: contact clicks
      points: 8
      cap: 40
    - id: demo
      when: form "demo" submitted
      points: 25
      half_life: never
  given: { cap: 50 }
grades:
  fit: { A: 50, B: 25 }
  engagement: { 1: 60, 2: 25 }
thresholds:
  MQL: { score: total, at: 60 }
`;

export const scoresDeclaration = defineDeclaration({
  file: 'scores.yaml',
  doc: {
    text: 'What a contact is worth: `contact.score.fit` from its facts and those of its leading deal (the open one that last changed), `contact.score.engagement` from what it does, which fades, `contact.score.total`, `contact.score.grade` (A1 to C3) and `contact.reached.MQL` for each threshold.',
    example,
  },
  isOwn: true,
  shape: scoresShape,
  read(files, catalogue, report) {
    const [file] = files;
    if (file === undefined) return catalogue;
    const scores = readScores(file, catalogue, report);
    const reached = Object.fromEntries(scores.thresholds.map(({ name }) => [name, 'boolean' as const]));
    const contact = { ...catalogue.facts.contact, reached };
    return { ...catalogue, scores, facts: { ...catalogue.facts, contact } };
  },
});

function readScores({ source, root }: Read<ScoresSource>, catalogue: Catalogue, report: Report): ScoreRules {
  reportTwice([...placeAt(root, 'fit').items, ...placeAt(root, 'engagement', 'rules').items], report);
  const { grades, thresholds } = source;
  if (grades) checkGrades(root, report);
  return {
    fit: readFit(source, root, catalogue, report),
    engagement: readEngagement(source, root, catalogue, report),
    grades: grades
      ? {
          fit: [grades.fit.A ?? 0, grades.fit.B ?? 0],
          engagement: [grades.engagement['1'] ?? 0, grades.engagement['2'] ?? 0],
        }
      : null,
    thresholds: Object.entries(thresholds).map(([name, { score, at }]) => ({ name, score, at })),
  };
}

function readFit({ fit }: ScoresSource, root: Located, catalogue: Catalogue, report: Report): FitRule[] {
  // A score that leaned on a score would have no first value.
  const { score: _, reached: __, ...contact } = catalogue.facts.contact;
  const scoreless = { ...catalogue, facts: { ...catalogue.facts, contact } };
  const conditions = createConditions(scoreless);
  const scope = { catalogue: scoreless, conditions, steps: [], hasDeal: true, isDecided: false, report };
  return fit.map(({ id, points }, i) => {
    const at = placeAt(root, 'fit').items[i]?.keys.get('if')?.value;
    return { id, points, condition: at === undefined ? 'false' : checkCondition(at, scope) };
  });
}

function readEngagement(
  { engagement }: ScoresSource,
  root: Located,
  catalogue: Catalogue,
  report: Report,
): EventRule[] {
  if (engagement === undefined) return [];
  const at = placeAt(root, 'engagement');
  const usual = halfLifeOf(at, report) ?? null;
  const halfLifeIn = (one: Located) => {
    const own = halfLifeOf(one, report);
    return own === undefined ? usual : own;
  };
  const rules = engagement.rules.flatMap(({ id, points, cap }, i): EventRule[] => {
    const rule = placeAt(at, 'rules').items[i];
    const when = rule && readEvent(placeAt(rule, 'when'), catalogue, report);
    return rule && when ? [{ id, when, points, cap: cap ?? null, halfLifeMs: halfLifeIn(rule) }] : [];
  });
  const { given = {} } = engagement;
  // What `score` steps give is a rule like any other, but for its points: the event brings them.
  const own: EventRule = {
    id: 'given',
    when: { type: 'score.points' },
    points: null,
    cap: given.cap ?? null,
    halfLifeMs: halfLifeIn(placeAt(at, 'given')),
  };
  return [...rules, own];
}

/** null: never fades. undefined: nothing is said. */
function halfLifeOf(at: Located, report: Report): number | null | undefined {
  const place = at.keys.get('half_life')?.value;
  if (place === undefined) return undefined;
  return place.value === 'never' ? null : readMs(String(place.value), place, report);
}

/** An event that somebody causes: no moment, and no score. */
function readEvent(at: Located, catalogue: Catalogue, report: Report): Json {
  const phrase = readPhrase(at, { catalogue, steps: [], hasDeal: true, report });
  const { is, score, threshold } = (phrase ?? {}) as Fields;
  if (phrase === null || (!isTimed(phrase) && score === undefined && threshold === undefined)) return phrase;
  const what = isTimed(phrase) ? 'time brings about' : 'a score does';
  report('bad-phrase', at, `\`${at.value}\` is nothing that somebody does, but something that ${what}`);
  return is === undefined ? null : phrase;
}

function reportTwice(rules: readonly Located[], report: Report): void {
  const seen = new Set(['given']);
  for (const rule of rules) {
    const at = rule.keys.get('id')?.value;
    if (at === undefined) continue;
    const id = String(at.value);
    if (seen.has(id)) report('duplicate-id', at, `a rule \`${id}\` is there already`);
    seen.add(id);
  }
}

function checkGrades(root: Located, report: Report): void {
  for (const [part, first, second] of [
    ['fit', 'A', 'B'],
    ['engagement', '1', '2'],
  ] as const) {
    const at = placeAt(root, 'grades', part);
    const [higher, lower] = [placeAt(at, first), placeAt(at, second)];
    if (Number(higher.value) <= Number(lower.value))
      report(
        'wrong-value',
        lower,
        `\`${second}\` begins at ${lower.value}, and \`${first}\` does not begin above it`,
      );
  }
}

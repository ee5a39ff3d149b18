// The grammar of `expect:`: each kind of line is a row, with how it is written, which deeds it finds, and which names in it
// are checked. A line may be preceded by its day, and turned round by `never`. Adding a kind is a row here.
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import { checkStage, name } from './phrase-kind.ts';
import { type Located, placeOfWord } from './source.ts';
import { closest, suggest } from './spelling.ts';
import type { WrittenStep } from './step.ts';
import type { Expectation } from './story.ts';
import type { Deed } from './story-deeds.ts';
import { parseFact, type Start } from './story-given.ts';

type Groups = { readonly [group: string]: string | undefined };

export interface LineScope {
  readonly catalogue: Catalogue;
  readonly steps: readonly WrittenStep[];
  /** What runs of this workflow may end as. */
  readonly outcomes: readonly string[];
  /** What steps of a kind may be called by beside their ids: the templates that are sent here, the surveys. */
  readonly named: { readonly [verb: string]: readonly string[] };
  readonly start: Start | null;
  readonly hasDeal: boolean;
  readonly report: Report;
}

export interface LineKind {
  readonly form: string;
  readonly means: string;
  readonly pattern: RegExp;
  readonly isNever?: true;
  /** `was sent`: what is said of it where it happened at another time. */
  readonly past: string;
  check?(groups: Groups, at: Located, scope: LineScope): void;
  finds(groups: Groups, deed: Deed, isTold: boolean): boolean;
}

const id = (group: string) => `["']?(?<${group}>[a-z][a-z0-9-]*)["']?`;

/** A line about what steps of one kind ask for outside, by the step's id or by what it names. */
function asks(verb: string, words: string, means: string, past: string): LineKind {
  return {
    form: `${words} <name>`,
    means,
    pattern: new RegExp(`^${words} ${id('name')}$`),
    past,
    check({ name: said = '' }, at, scope) {
      const own = scope.steps.filter((step) => step.verb === verb).map((step) => step.id);
      const known = [...new Set([...(scope.named[verb] ?? []), ...own])];
      if (known.includes(said)) return;
      const code =
        verb === 'send' && !scope.steps.some((step) => step.id === said)
          ? 'unknown-template'
          : 'unknown-step';
      scope.report(
        code,
        placeOfWord(at, said),
        `no \`${verb}\` step here is or names \`${said}\``,
        suggest(said, known),
      );
    },
    finds: ({ name: said }, deed) =>
      deed.what === 'asks' && deed.verb === verb && deed.names.includes(said ?? ''),
  };
}

/** A line about who is told of a task. */
function toPerson(what: 'reminds' | 'reassigns' | 'escalates', words: string, means: string): LineKind {
  return {
    form: `${words} <person>`,
    means,
    pattern: new RegExp(`^${words} ${id('name')}$`),
    past: 'was told',
    check({ name: said = '' }, at, scope) {
      if (what !== 'reminds' || !scope.catalogue.surveys.includes(said)) checkPerson(said, at, scope);
    },
    finds: ({ name: said = '' }, deed) => deed.what === what && deed.names.includes(said),
  };
}

function checkPerson(person: string, at: Located, { catalogue: { people }, report }: LineScope): void {
  if (people[person] !== undefined) return;
  const hint = suggest(person, Object.keys(people)) ?? 'declare people in teams.yaml';
  report('unknown-team', placeOfWord(at, person), `nobody is called \`${person}\``, hint);
}

function checkStepNamed(step: string, at: Located, { steps, report }: LineScope): void {
  const ids = steps.map((each) => each.id);
  if (!ids.includes(step))
    report('unknown-step', placeOfWord(at, step), `no step here has the id \`${step}\``, suggest(step, ids));
}

function atStep(what: Deed['what'], words: string, means: string, past: string): LineKind {
  return {
    form: `${words} <step>`,
    means,
    pattern: new RegExp(`^${words} ${id('step')}$`),
    past,
    check: ({ step = '' }, at, scope) => checkStepNamed(step, at, scope),
    finds: ({ step = '' }, deed) => deed.what === what && deed.names.includes(step),
  };
}

const isSend = (deed: Deed) => deed.what === 'asks' && deed.verb === 'send';

export const lineKinds: readonly LineKind[] = [
  {
    form: 'sends nothing [else]',
    means: 'no mail is sent; with `else`: none that no other line speaks of',
    pattern: /^sends nothing(?<rest> else)?$/,
    isNever: true,
    past: 'was sent',
    finds: ({ rest }, deed, isTold) => isSend(deed) && (rest === undefined || !isTold),
  },
  asks('send', 'sends', 'the mail of that template, or of that step, is sent', 'was sent'),
  asks('task', 'creates task', 'the task of that step is created', 'was created'),
  asks('survey', 'asks', 'that survey, or the survey of that step, is asked', 'was asked'),
  asks('call', 'calls', 'the webhook of that step is called', 'was called'),
  {
    form: 'gives <task> to <person>',
    means: 'the task of that step is made for that person',
    pattern: new RegExp(`^gives ${id('step')} to ${id('person')}$`),
    past: 'was given so',
    check: ({ step = '', person = '' }, at, scope) => {
      checkStepNamed(step, at, scope);
      checkPerson(person, at, scope);
    },
    finds: ({ step = '', person = '' }, { what, names }) =>
      what === 'gives' && names.includes(step) && names.includes(person),
  },
  toPerson(
    'reminds',
    'reminds',
    'that person is reminded of an open task; or, by its name, a survey is sent once more',
  ),
  toPerson('reassigns', 'reassigns to', 'a late task goes to that person'),
  toPerson('escalates', 'escalates to', 'that person is told of a late task'),
  {
    form: 'sets <fact> [to <value>]',
    means: 'a step writes that fact',
    pattern: /^sets (?<fact>(?:contact|deal)(?:\.[a-z0-9_-]+)+)(?: to (?<value>.+))?$/,
    past: 'was set',
    check({ fact = '', value }, at, { catalogue, start, report }) {
      const parsed = parseFact(fact, value ?? 'unknown', catalogue, start);
      if (!('message' in parsed)) return;
      const word = parsed.code === 'unknown-fact' ? fact : (value ?? fact);
      report(parsed.code, placeOfWord(at, word), parsed.message, parsed.hint);
    },
    finds: ({ fact = '', value }, { what, values }) =>
      what === 'sets' &&
      fact in values &&
      (value === undefined || String(values[fact]) === value.replace(/^(["'])(.*)\1$/, '$2')),
  },
  {
    form: 'moves to "X"',
    means: 'a step moves the deal to stage X',
    pattern: new RegExp(`^moves to ${name('stage')}$`),
    past: 'was moved there',
    check: ({ stage = '' }, at, scope) => checkStage({ stage }, placeOfWord(at, stage), scope),
    finds: ({ stage = '' }, deed) => deed.what === 'moves' && deed.names.includes(stage),
  },
  atStep('waits', 'waits at', 'the run comes to stand at that step', 'waited there'),
  atStep('reaches', 'reaches', 'the run comes to that step', 'was reached'),
  {
    form: 'exits <outcome>',
    means: 'the run ends with that outcome',
    pattern: new RegExp(`^exits (?:as )?${id('outcome')}$`),
    past: 'ended so',
    check({ outcome = '' }, at, { outcomes, report }) {
      if (!outcomes.includes(outcome))
        report(
          'bad-story',
          placeOfWord(at, outcome),
          `nothing here ends as \`${outcome}\``,
          suggest(outcome, outcomes),
        );
    },
    finds: ({ outcome = '' }, deed) => deed.what === 'exits' && deed.names.includes(outcome),
  },
  {
    form: 'reaches the goal',
    means: 'the run ends with a goal',
    pattern: /^reaches the goal$/,
    past: 'reached the goal',
    finds: (_, deed) => deed.what === 'exits' && deed.isGoal,
  },
  {
    form: 'enters',
    means: 'a run begins',
    pattern: /^enters$/,
    past: 'entered',
    finds: (_, deed) => deed.what === 'enters',
  },
  {
    form: 'does not enter',
    means: 'no run begins',
    pattern: /^does not enter$/,
    isNever: true,
    past: 'entered',
    finds: (_, deed) => deed.what === 'enters',
  },
  {
    form: 'nothing happens',
    means:
      'nothing is sent, created, asked, called, set or moved, and no run begins or ends; say on which day',
    pattern: /^nothing happens$/,
    isNever: true,
    past: 'happened',
    finds: (_, { what }) => !['waits', 'reaches'].includes(what),
  },
];

/** The line as an expectation without its day; null where it is none, which has been reported. */
export function readLine(at: Located, scope: LineScope): Omit<Expectation, 'day'> | null {
  const text = String(at.value).trim().replace(/\s+/g, ' ');
  const bare = text.replace(/^never /, '');
  for (const kind of lineKinds) {
    const match = kind.pattern.exec(bare);
    if (match === null) continue;
    const groups = match.groups ?? {};
    kind.check?.(groups, at, scope);
    const isNever = kind.isNever === true || bare !== text;
    return {
      place: at,
      text,
      isNever,
      past: kind.past,
      finds: (deed, isTold) => kind.finds(groups, deed, isTold),
    };
  }
  scope.report('bad-story', at, `\`${text}\` is nothing that a story can expect`, hintFor(bare));
  return null;
}

/** The forms that begin like it; else all of them. */
function hintFor(text: string): string {
  const words = lineKinds.map(({ form }) => form.split(' ')[0] ?? '');
  const first = closest(text.split(' ')[0] ?? '', words);
  const near = lineKinds.filter(({ form }) => form.split(' ')[0] === first).map(({ form }) => `\`${form}\``);
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
  return `known: ${lineKinds.map(({ form }) => form).join('; ')}; each after \`never\` too`;
}

// What a contact may do, and what may be done about it. Clicks and opens count people only: an event that carries
// another class than `human` (scanner, proxy, unknown) is heard by nobody.
import { formNames } from './form.ts';
import {
  checkStep,
  isOwn,
  name,
  type PhraseKind,
  type PhraseScope,
  type Scene,
  withoutDeal,
} from './phrase-kind.ts';
import { keyOfLevel } from './score-levels.ts';
import { scoreNames } from './score-rules.ts';
import type { Located } from './source.ts';
import { closest, suggest } from './spelling.ts';
import type { Fields, Happening } from './step.ts';

function hearsMail(type: string): NonNullable<PhraseKind['hears']> {
  return (data: Fields, event: Happening, scene: Scene) =>
    event.type === type &&
    (event.data.class ?? 'human') === 'human' &&
    (data.step === undefined || (event.data.step === data.step && isOwn(event, scene)));
}

function checkSurvey(data: Fields, at: Located, { catalogue, report }: PhraseScope): void {
  const survey = String(data.survey);
  if (!catalogue.surveys.includes(survey))
    report('unknown-survey', at, `there is no survey \`${survey}\``, suggest(survey, catalogue.surveys));
}

function checkForm(data: Fields, at: Located, { catalogue, report }: PhraseScope): void {
  const [form, known] = [String(data.form), formNames(catalogue)];
  if (known.length === 0 || known.includes(form)) return;
  const near = closest(form, known);
  const hint =
    near === null ? 'where your website sends it, add it to `external:` there' : `did you mean "${near}"?`;
  report('undeclared-form', at, `forms.yaml knows no form "${form}"`, hint);
}

function checkScore(data: Fields, at: Located, { catalogue, report }: PhraseScope): void {
  const score = String(data.score);
  if (!scoreNames.some((known) => known === score))
    report('unknown-score', at, `there is no score \`${score}\``, suggest(score, scoreNames));
  else if (catalogue.scores === null)
    report('unknown-score', at, 'nothing is scored here', 'declare it in scores.yaml');
}

function checkThreshold(data: Fields, at: Located, { catalogue, report }: PhraseScope): void {
  const known = (catalogue.scores?.thresholds ?? []).map((one) => one.name);
  const name = String(data.threshold);
  if (!known.includes(name))
    report(
      'unknown-score',
      at,
      `there is no threshold \`${name}\``,
      suggest(name, known) ?? 'declare it in scores.yaml',
    );
}

/** What the engine tells of a crossing names the levels; a story may only say from where to where. */
function crosses(data: Fields, event: Happening, isUp: boolean): boolean {
  const crossed = event.data[isUp ? 'up' : 'down'];
  return event.type === 'score.changed' && Array.isArray(crossed) && crossed.includes(keyOfLevel(data));
}

function scoreCrosses(data: Fields, event: Happening, isUp: boolean): boolean {
  if (event.data.up !== undefined) return crosses(data, event, isUp);
  const { name: score, from, to } = event.data;
  if (event.type !== 'score.changed' || score !== data.score) return false;
  const limit = Number(data.limit);
  const [before, after] = [Number(from ?? 0), Number(to)];
  return isUp ? before <= limit && after > limit : before >= limit && after < limit;
}

const isClosing = (type: string) => type === 'task.done' || type === 'task.cancelled';

export const contactPhrases: readonly PhraseKind[] = [
  {
    is: 'contact replies',
    form: 'contact replies',
    means: 'the contact answers a mail; an automatic answer is none',
    pattern: /^contact replies$/,
    isOfDeal: withoutDeal,
    hears: hearsMail('mail.replied'),
  },
  {
    is: 'contact clicks',
    form: 'contact clicks [step]',
    means: 'a person follows a link, of the mail of that step where one is named',
    pattern: /^contact clicks(?: (?<step>[a-z][a-z0-9-]*))?$/,
    isOfDeal: withoutDeal,
    check: (data, at, scope) => checkStep(data, at, scope, ['send', 'survey']),
    hears: hearsMail('mail.clicked'),
  },
  {
    is: 'contact opens',
    form: 'contact opens [step]',
    means: 'a person opens a mail, of that step where one is named',
    pattern: /^contact opens(?: (?<step>[a-z][a-z0-9-]*))?$/,
    isOfDeal: withoutDeal,
    check: (data, at, scope) => checkStep(data, at, scope, ['send', 'survey']),
    hears: hearsMail('mail.opened'),
  },
  {
    is: 'contact unsubscribes',
    form: 'contact unsubscribes',
    means: 'the contact takes back its consent to a topic, or to all',
    pattern: /^contact unsubscribes$/,
    isOfDeal: withoutDeal,
    hears: (_, event) => event.type === 'contact.unsubscribed',
  },
  {
    is: 'contact answers',
    form: 'contact answers <survey> [as promoter|passive|detractor]',
    means: 'the contact answers that survey, in that group where one is named',
    pattern: /^contact answers (?<survey>[a-z][a-z0-9-]*)(?: as (?<group>promoter|passive|detractor))?$/,
    isOfDeal: withoutDeal,
    mayNameDeal: true,
    check: checkSurvey,
    hears: (data, event) =>
      event.type === 'survey.answered' &&
      event.data.survey === data.survey &&
      (data.group === undefined || event.data.group === data.group),
  },
  {
    is: 'score rises',
    form: 'contact.score.<name> rises above N',
    means: 'the score was at most N and is now more',
    pattern: /^contact\.score\.(?<score>[a-z][a-z0-9_]*) rises above (?<limit>-?\d+(?:\.\d+)?)$/,
    isOfDeal: withoutDeal,
    check: checkScore,
    hears: (data, event) => scoreCrosses(data, event, true),
  },
  {
    is: 'score falls',
    form: 'contact.score.<name> falls below N',
    means: 'the score was at least N and is now less',
    pattern: /^contact\.score\.(?<score>[a-z][a-z0-9_]*) falls below (?<limit>-?\d+(?:\.\d+)?)$/,
    isOfDeal: withoutDeal,
    check: checkScore,
    hears: (data, event) => scoreCrosses(data, event, false),
  },
  {
    is: 'contact reaches',
    form: 'contact reaches <threshold>',
    means: 'a score comes to a threshold of scores.yaml, by an event, a fact or in time',
    pattern: /^contact reaches (?<threshold>[A-Za-z][A-Za-z0-9_-]*)$/,
    isOfDeal: withoutDeal,
    check: checkThreshold,
    hears: (data, event) => crosses(data, event, true),
  },
  {
    is: 'contact drops below',
    form: 'contact drops below <threshold>',
    means: 'a score that had come to the threshold goes below it, mostly in time',
    pattern: /^contact drops below (?<threshold>[A-Za-z][A-Za-z0-9_-]*)$/,
    isOfDeal: withoutDeal,
    check: checkThreshold,
    hears: (data, event) => crosses(data, event, false),
  },
  {
    is: 'task',
    form: 'task <id> is done [as <outcome>]|cancelled|closed|overdue',
    means:
      'the task that this step created is done, with that outcome where one is named, is cancelled, is either of both, or its due time passes',
    pattern:
      /^task (?<step>[a-z][a-z0-9-]*) is (?<state>done|cancelled|closed|overdue)(?:(?<= done) as (?<outcome>[a-z][a-z0-9-]{0,39}))?$/,
    isOfDeal: withoutDeal,
    check: (data, at, scope) => checkStep(data, at, scope, ['task']),
    hears: (data, event, scene) =>
      (data.state === 'closed' ? isClosing(event.type) : event.type === `task.${data.state}`) &&
      event.data.step === data.step &&
      (data.outcome === undefined || event.data.outcome === data.outcome) &&
      isOwn(event, scene),
  },
  {
    is: 'form',
    form: 'form "X" submitted',
    means: 'the contact sends that form: one of forms.yaml, or one of your website',
    pattern: new RegExp(`^form ${name('form')} submitted$`),
    isOfDeal: withoutDeal,
    mayNameDeal: true,
    check: checkForm,
    hears: (data, event) => event.type === 'form.submitted' && event.data.form === data.form,
  },
  {
    is: 'event',
    form: 'event "name"',
    means: 'an event of that type arrives through the API',
    pattern: new RegExp(`^event ${name('type')}$`),
    isOfDeal: withoutDeal,
    mayNameDeal: true,
    hears: (data, event) => event.type === data.type,
  },
];

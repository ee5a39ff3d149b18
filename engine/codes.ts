// Every diagnostic code there is, how grave it is, and what it means. The generated reference prints this table, and
// a test holds it against the golden files both ways: a code without a pair, or a pair without a code, fails.

export type Severity = 'error' | 'warning';
export interface CodeMeaning {
  readonly severity: Severity;
  readonly means: string;
  /** True where it takes several files to see it. */
  readonly isAcross?: boolean;
}

const error = (means: string): CodeMeaning => ({ severity: 'error', means });
const warning = (means: string): CodeMeaning => ({ severity: 'warning', means });
const across = (meaning: CodeMeaning): CodeMeaning => ({ ...meaning, isAcross: true });

export const codes: { readonly [code: string]: CodeMeaning } = {
  // The text itself.
  'yaml-syntax': error('The text cannot be read as YAML 1.2.'),
  'yaml-alias': error('Aliases and anchors are not read: every value is written where it is used.'),
  'duplicate-key': error('A key stands twice in one mapping.'),
  'forbidden-key': error('A key is not text, or is a name that programs reserve.'),
  'too-large': error('A file is larger than 256 KB.'),
  // Shape.
  'unknown-key': error('A key means nothing here.'),
  'missing-key': error('A key that is needed is not there.'),
  'wrong-type': error('A value is of another kind than is needed here.'),
  'wrong-value': error('A value is of the right kind, but not one that can stand here.'),
  'no-verb': error('A step says nothing that it does.'),
  'two-verbs': error('A step does more than one thing.'),
  'bad-id': error('An id is not lower-case letters, digits and hyphens, beginning with a letter.'),
  'duplicate-id': error('Two steps of one workflow have the same id.'),
  'duplicate-workflow': across(error('Two files define the same workflow.')),
  'bad-ignore': error('A `lint-ignore` gives no reason, or names no code.'),
  'unused-ignore': warning('A `lint-ignore` silences nothing.'),
  // Meaning.
  'bad-phrase': error('An event is not one of the known phrases.'),
  'bad-duration': error('A duration cannot be read.'),
  'bad-moment': error('A moment (`tuesday 09:00`, `deal.renewal_on - 7d`) cannot be read.'),
  'bad-condition': error('A condition cannot be read.'),
  'condition-type': error('A condition compares what cannot be compared, or does not answer yes or no.'),
  'unknown-fact': error('A condition asks for a fact that nothing declares.'),
  'late-fact': warning('A condition uses a fact that is known only after the outcome.'),
  'bad-liquid': error('Liquid in a text cannot be read.'),
  'unknown-function': error('A condition calls a function that does not exist or is not allowed.'),
  'unknown-stage': error('No pipeline has this stage.'),
  'unknown-template': error('There is no template of this name.'),
  'unknown-calendar': error('No calendar of this name is declared.'),
  'unknown-survey': error('No survey of this name is declared.'),
  'unknown-form': error('A letter that is sent links to a form that forms.yaml does not have.'),
  'undeclared-form': warning(
    'An event speaks of a form that forms.yaml neither has nor names as `external`.',
  ),
  'unknown-team': error('Nobody, or no team, of this name is declared in teams.yaml.'),
  'team-away': warning('Everybody of a team is away on the same day.'),
  'unknown-topic': error('There is no topic of this name.'),
  'unknown-score': error('No score, or no threshold, of this name is declared in scores.yaml.'),
  'bad-url': error('The address of a call cannot be called.'),
  'open-call': warning('A call goes unencrypted.'),
  'unknown-step': error('No step of this workflow has this id.'),
  'missing-locale': warning('A template, or a text of a form, exists in some of the languages only.'),
  'no-topic': error('A marketing mail is sent by a workflow without a topic, or for another topic.'),
  'missing-fact': warning('A mail prints a fact that not every way to its step knows.'),
  'no-deal': error('A deal is spoken of where a run has none.'),
  'no-else': error('A branch does not say what happens otherwise.'),
  'unreachable-step': error('Nothing leads to this step.'),
  'endless-wait': error('A wait that may never end.'),
  'over-cap': across(
    warning('Workflows that begin with the same event mail more often than policy.yaml lets through.'),
  ),
  'workflow-loop': across(error('Workflows start each other in a circle.')),
  // Stories.
  'bad-story': error('A line of a story is nothing that can happen, or that a workflow does.'),
  'untested-branch': warning('A file has stories, and none of them comes to this arm.'),
};

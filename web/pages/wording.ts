// Every word that the pages behind a mail's links need, as a shape that each language fills.

/** A page that only says something. */
interface Notice {
  readonly title: string;
  readonly lead: string;
  readonly next: string;
}

interface PreferenceWords {
  readonly title: string;
  readonly lead: string;
  readonly save: string;
  /** A topic whose confirming mail was not answered yet. */
  readonly asked: string;
  readonly pauseLead: string;
  readonly pause: string;
  pausedUntil(day: string): string;
  readonly resume: string;
  readonly offLead: string;
  readonly off: string;
  readonly blocked: string;
  readonly done: {
    readonly saved: string;
    readonly paused: string;
    readonly resumed: string;
    readonly off: string;
  };
  /** On the link that leads to the page. */
  readonly way: string;
}

export interface Words {
  readonly lang: string;
  /** The link is not one of ours, or not whole. */
  readonly cut: Notice;
  /** We failed. */
  readonly failed: Notice;
  readonly leave: {
    title(company: string): string;
    lead(topic: string): string;
    readonly button: string;
    readonly nothing: string;
  };
  readonly left: {
    readonly title: string;
    lead(topic: string, company: string): string;
    readonly late: string;
  };
  readonly confirm: {
    readonly title: string;
    readonly lead: string;
    readonly button: string;
    readonly nothing: string;
  };
  readonly confirmed: { readonly title: string; lead(company: string): string };
  readonly preferences: PreferenceWords;
  /** Behind the scale of a survey's mail. */
  readonly survey: {
    /** Where the survey is not declared any more. */
    readonly question: string;
    readonly missing: string;
    readonly why: string;
    readonly send: string;
    readonly nothing: string;
    readonly change: string;
    readonly closed: string;
    readonly thanks: Readonly<Record<'promoter' | 'passive' | 'detractor', Omit<Notice, 'next'>>>;
  };
  /** Behind the link to a form. */
  readonly form: {
    readonly optional: string;
    /** Of a question that need not be answered. */
    readonly unknown: string;
    readonly yes: string;
    readonly no: string;
    readonly send: string;
    readonly nothing: string;
    readonly change: string;
    /** Above the form, where something is wrong with it. */
    readonly check: string;
    wrong(what: 'missing' | 'number' | 'choice' | 'long', most: number): string;
    /** Why it cannot be answered. */
    readonly closed: Readonly<Record<'late' | 'decided' | 'undecided' | 'gone', Omit<Notice, 'next'>>>;
  };
  /** Behind the link of a mail about a task. */
  readonly task: {
    due(when: string): string;
    with(owner: string | null): string;
    readonly finish: string;
    readonly later: string;
    readonly cancel: string;
    readonly nothing: string;
    open(due: string): string;
    done(due: string): string;
    cancelled(due: string): string;
  };
  /** What one gets, as the object of "send". */
  readonly topics: ReadonlyMap<string, string>;
  topic(name: string): string;
  readonly everything: string;
}

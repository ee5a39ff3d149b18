// A short form, as forms.yaml declares it: questions whose answers become facts of the contact and its deal. Plain data,
// part of the catalogue; what is done with it stands in form-answers.ts.

export interface Texts {
  readonly [locale: string]: string;
}

/** In which state the deal must be for its form to be answered. */
export type FormDeal = 'open' | 'decided' | 'any';

export interface FormQuestion {
  /** `deal.budget`: a field of facts.yaml. */
  readonly fact: string;
  readonly type: 'text' | 'number' | 'boolean';
  readonly ask: Texts;
  readonly hint: Texts | null;
  /** In order; null: any text, or what the type allows. */
  readonly choices: readonly { readonly value: string; readonly words: Texts }[] | null;
  readonly isRequired: boolean;
  /** Room for more than a line. */
  readonly isLong: boolean;
}

export interface Form {
  readonly title: Texts;
  readonly intro: Texts | null;
  readonly thanks: Texts;
  readonly deal: FormDeal;
  readonly questions: readonly FormQuestion[];
}

/** Names that `form "X" submitted` may speak of; none where no forms.yaml says. */
export function formNames(declared: {
  readonly forms: { readonly [name: string]: Form };
  readonly externalForms: readonly string[];
}): string[] {
  return [...Object.keys(declared.forms), ...declared.externalForms];
}

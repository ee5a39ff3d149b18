// A compiled template: what the ledger keeps and a send needs, without a trace of MJML; which locale of it a contact gets;
// and what the compiler of workflows is told of it. Pure.
import type { Catalogue } from '../engine/catalogue.ts';
import type { Target } from './targets.ts';

/** Plain JSON, kept in the ledger. subject, preheader, html and text are Liquid. */
export interface CompiledTemplate {
  readonly name: string;
  /** As in `de-AT`; `default` for a file without one. */
  readonly locale: string;
  /** The consent it needs; null: transactional. */
  readonly topic: string | null;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Facts that it prints without a default; and the links of a survey's scale, where it has them. */
  readonly needs: readonly string[];
  /** Where its links lead; left out by versions that did not track. */
  readonly targets?: readonly Target[];
  /** The form that it links to, of forms.yaml; left out where it links to none. */
  readonly form?: string;
  /** SHA-256 over all of the above. */
  readonly hash: string;
}

/** Printed by templates that have a survey's scale, and by no others. */
export const scalePath = 'links.survey';
/** Printed by templates that link to the form which their head names. */
export const formPath = 'links.form';

/** What the compiler of workflows asks of the templates, by name. */
export function toSummaries(
  templates: readonly Pick<CompiledTemplate, 'name' | 'locale' | 'topic' | 'needs' | 'form'>[],
): Catalogue['templates'] {
  const names = [...new Set(templates.map((one) => one.name))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const own = templates.filter((one) => one.name === name);
      const form = own.find((one) => one.form !== undefined)?.form;
      const needs = [...new Set(own.flatMap((one) => one.needs))].sort();
      return [
        name,
        {
          locales: own.map((one) => one.locale).sort(),
          topic: own[0]?.topic ?? null,
          needs: needs.filter((path) => !path.startsWith('links.')),
          ...(needs.includes(scalePath) ? { asks: true } : {}),
          ...(form === undefined ? {} : { form }),
        },
      ];
    }),
  );
}

/**
 * The template in the contact's language: `de-AT`, then `de`, then `default`, then `en`, then the first there is. Case and
 * `_` are forgiven: locales come from a CRM.
 */
export function chooseLocale(
  templates: readonly CompiledTemplate[],
  name: string,
  locale: string | null,
): CompiledTemplate | null {
  const own = templates.filter((one) => one.name === name);
  const wanted = (locale ?? '').replace('_', '-').toLowerCase();
  const chain = [wanted, wanted.split('-')[0], 'default', 'en'];
  const found = chain.map((one) => own.find((template) => template.locale.toLowerCase() === one));
  return found.find((one) => one !== undefined) ?? own[0] ?? null;
}

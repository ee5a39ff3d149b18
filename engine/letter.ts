// The template that a step mails, held against what is known: that it is there, in every language, that its facts are at
// hand, and that its topic is the workflow's.
import { isTopic, localesOf, type TemplateSummary } from './catalogue.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import type { CompileContext } from './step.ts';

/** The topic that a mail of this template needs; null for a transactional one. */
export function checkTemplate(
  name: string,
  at: Located,
  { catalogue, plan, hasDeal, report }: CompileContext,
): string | null {
  const template = catalogue.templates[name];
  if (template === undefined) {
    const hint = suggest(name, Object.keys(catalogue.templates)) ?? `write templates/${name}.<locale>.mjml`;
    report('unknown-template', at, `there is no template \`${name}\``, hint);
    return null;
  }
  const missing = localesOf(catalogue.templates).filter((locale) => !template.locales.includes(locale));
  if (missing.length > 0)
    report(
      'missing-locale',
      at,
      `\`${name}\` is not written in ${missing.join(', ')}`,
      `add templates/${name}.${missing[0]}.mjml`,
    );
  const deal = template.needs.find((fact) => fact.startsWith('deal.'));
  if (deal !== undefined && !hasDeal)
    report('no-deal', at, `\`${name}\` prints ${deal}, and this workflow runs for a contact without a deal`);
  checkForm(name, template, at, { catalogue, hasDeal, report });
  const isKnown = plan.topic === null || isTopic(plan.topic, catalogue);
  // A topic that no mail has is told where it is written, once.
  if (isKnown && template.topic !== null && template.topic !== plan.topic) {
    const said = plan.topic === null ? 'the workflow has no topic' : `the workflow's topic is ${plan.topic}`;
    report(
      'no-topic',
      at,
      `\`${name}\` is ${template.topic} mail, and ${said}`,
      `write \`topic: ${template.topic}\` in the workflow`,
    );
  }
  return template.topic;
}

/** The form behind its link is there, and asks nothing of a deal where there is none. */
function checkForm(
  name: string,
  { form }: TemplateSummary,
  at: Located,
  { catalogue, hasDeal, report }: Pick<CompileContext, 'catalogue' | 'hasDeal' | 'report'>,
): void {
  if (form === undefined) return;
  const linked = catalogue.forms[form];
  const asked = linked?.questions.find(({ fact }) => fact.startsWith('deal.'));
  if (linked === undefined)
    report(
      'unknown-form',
      at,
      `\`${name}\` links to the form \`${form}\`, and there is none`,
      suggest(form, Object.keys(catalogue.forms)) ?? 'declare it in forms.yaml',
    );
  else if (asked !== undefined && !hasDeal)
    report(
      'no-deal',
      at,
      `the form \`${form}\` asks for ${asked.fact}, and this workflow runs for a contact without a deal`,
    );
}

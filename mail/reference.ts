// The reference of templates, made from the program itself: templates/README.md is this text, and a test compares them.
import { paletteNames } from '../engine/brand.ts';
import { TEMPLATE_CODES } from './codes.ts';
import { FILTER_NAMES } from './filters.ts';
import { OWN } from './known.ts';
import { TAG_NAMES } from './liquid.ts';

const opening = `# Templates

One file a mail and locale: \`<name>.<locale>.mjml\` (\`welcome.ru.mjml\`, \`welcome.de-AT.mjml\`; without a locale it is for
all others). Beside it \`<name>.<locale>.txt\`, where the text part is written by hand; else it is made from the HTML.
\`layouts/\` and \`partials/\` are shared: \`<mj-include path="partials/footer.mjml" />\` takes \`footer.ru.mjml\` for a
Russian mail where there is one. A contact gets the template in its locale (\`de-AT\`), else its language (\`de\`), else the
file without a locale, else English.

\`\`\`
---
subject: Welcome, {{ contact.first_name | default: "friend" }}
preheader: One line that inboxes show beside the subject
topic: marketing
utm: source=letter, campaign=spring
---
<mj-section>
  <mj-column>
    <mj-text><p>Hello {{ contact.first_name | default: "there" }},</p></mj-text>
    <mj-button href="https://acme.example/prices">See the prices</mj-button>
  </mj-column>
</mj-section>
\`\`\`

| head | meaning |
|---|---|
| \`subject\` | what the mail is about; Liquid is rendered |
| \`preheader\` | what inboxes show beside it |
| \`topic\` | the consent that it needs, one of policy.yaml's; or |
| \`transactional: true\` | it needs none |
| \`layout\` | of layouts/; without it \`default\`; a whole \`<mjml>\` document has none |
| \`uses\` | the facts that it prints, with commas; where it is said, lint holds the template to it |
| \`form\` | the form of forms.yaml that \`{{ links.form }}\` leads to |
| \`utm\` | source, medium, campaign, term, content: put on every https link that has none; in place of policy.yaml’s \`utm:\`, which does it for all |

\`voronka preview <name>\` shows what comes of it, \`voronka lint\` says what is wrong with it.
`;

export function writeTemplateReference(): string {
  const own = Object.entries(OWN).flatMap(([root, names]) =>
    names.length === 0 ? [root] : names.map((name) => `${root}.${name}`),
  );
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  return [
    opening,
    `## Liquid\n\nFacts: \`contact.…\` and \`deal.…\` as workflows know them. Of every mail: ${code(own)}.\n`,
    `Tags: ${code(TAG_NAMES)}. Between elements they stand in \`<mj-raw>\`.\n`,
    `Filters: ${code(FILTER_NAMES)}.\n`,
    `## Brand\n\nColours are policy.yaml’s (\`brand:\`), and what follows from its accent; written \`brand(accent)\` in an attribute\nor a style: ${code(paletteNames)}. \`partials/look.mjml\` says where each stands.\n\nIn Russian mails spaces after short words, before dashes and before units do not break, whoever writes them.\n`,
    '## Diagnostics\n\n| code | | meaning |\n|---|---|---|',
    ...Object.entries(TEMPLATE_CODES).map(
      ([name, { severity, means }]) => `| \`${name}\` | ${severity} | ${means.replaceAll('|', '\\|')} |`,
    ),
    '',
  ].join('\n');
}

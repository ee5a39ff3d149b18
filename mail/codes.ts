// Every diagnostic that a template can get: its code, how grave it is, what it means. The reference is made from this.
import type { CodeMeaning } from '../engine/codes.ts';
import type { Diagnostic } from '../engine/diagnostic.ts';

/** Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
export const TEMPLATE_CODES = {
  'template-name': {
    severity: 'error',
    means: 'A file in templates/ that is neither <name>.<locale>.mjml nor a layout or a partial',
  },
  'template-head': {
    severity: 'error',
    means: 'The head between the --- lines is missing, incomplete, or says something unknown',
  },
  'template-preheader': {
    severity: 'warning',
    means: 'No preheader: inboxes show the first words of the body beside the subject instead',
  },
  'template-agreement': {
    severity: 'error',
    means: 'The locales of one template disagree about its topic or its form',
  },
  'template-topic': { severity: 'error', means: 'The head names a topic that policy.yaml does not declare' },
  'template-form': {
    severity: 'error',
    means:
      'A link to a form that the head does not name, or a form in the head that is not linked or not there',
  },
  'template-include': {
    severity: 'error',
    means: 'A layout or an include that does not exist, or includes itself',
  },
  'template-mjml': {
    severity: 'error',
    means: 'MJML does not know this element or attribute, or not at this place',
  },
  'template-liquid': {
    severity: 'error',
    means: 'Liquid that does not parse: an unclosed tag, an unknown tag or filter',
  },
  'template-dropped': {
    severity: 'error',
    means: 'Liquid or words at a place where MJML drops them in silence',
  },
  'template-variable': { severity: 'error', means: 'A variable that no contact, deal or mail has' },
  'template-default': {
    severity: 'warning',
    means: 'A variable that may be empty is printed without a default',
  },
  'template-uses': { severity: 'error', means: 'What the head says it uses is not what the template uses' },
  'template-unsubscribe': {
    severity: 'error',
    means: 'Marketing mail without a link to {{ links.unsubscribe }}',
  },
  'template-alt': { severity: 'error', means: 'An image without alt text' },
  'template-link': {
    severity: 'error',
    means: 'A link that is empty, not https, or begins with what a contact wrote',
  },
  'template-forbidden': {
    severity: 'error',
    means:
      'A script, a form, an on... attribute or an image inside the mail: mail clients remove them or the mail with them',
  },
  'template-unclosed': {
    severity: 'error',
    means: 'An element that is opened and never closed, or closed and never opened',
  },
  'template-inline': {
    severity: 'error',
    means: 'Liquid in an inline <mj-style>: MJML breaks it',
  },
  'template-lang': {
    severity: 'error',
    means: 'The mail names no language, or another than its file',
  },
  'template-title': { severity: 'error', means: 'An empty <mj-title>: screen readers begin with it' },
  'template-role': {
    severity: 'error',
    means: 'A table that lays out without role="presentation": it is read aloud cell by cell',
  },
  'template-small': { severity: 'error', means: 'Letters of less than 14 pixels' },
  'template-contrast': {
    severity: 'error',
    means: 'Letters that do not stand out: a contrast of less than 4.5, in the light or the dark scheme',
  },
  'template-dark': {
    severity: 'warning',
    means: 'Grounds of its own and no block for dark mode: clients turn some colours over and leave others',
  },
  'template-size': {
    severity: 'error',
    means: 'More than 100,000 bytes of HTML: Gmail cuts it off, and the unsubscribe link with it',
  },
  'template-large': {
    severity: 'warning',
    means: 'More than 80,000 bytes of HTML: near the point where Gmail cuts it off',
  },
  'template-render': {
    severity: 'error',
    means: 'The template fails, or grows without bound, when it is rendered',
  },
} as const satisfies Record<string, CodeMeaning>;

export type TemplateCode = keyof typeof TEMPLATE_CODES;

/** Collects; nothing is thrown, so that every problem of every file is told at once. */
export type Report = (code: TemplateCode, at: Place, message: string, hint?: string) => void;

export function collect(): { readonly found: Diagnostic[]; readonly report: Report } {
  const found: Diagnostic[] = [];
  const report: Report = (code, at, message, hint) => {
    const { severity } = TEMPLATE_CODES[code];
    found.push({ ...at, length: 1, code, severity, message, hint: hint ?? null });
  };
  return { found, report };
}

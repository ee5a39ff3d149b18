// The English of the pages behind a mail's links.
import type { Words } from './wording.ts';

export const en: Words = {
  lang: 'en',
  cut: {
    title: 'This link does not work',
    lead: 'Part of it was lost on the way, or it is a very old one. Nothing was changed.',
    next: 'Please open it once more from the mail, as a whole. If that does not help, answer the mail with the word “unsubscribe”.',
  },
  failed: {
    title: 'That did not work',
    lead: 'The fault is ours, not yours. Nothing was lost.',
    next: 'Please try again in a minute.',
  },
  leave: {
    title: (company) => `Unsubscribe from ${company}?`,
    lead: (topic) => `We will stop sending you ${topic}. It takes effect at once.`,
    button: 'Unsubscribe',
    nothing: 'Changed your mind? Just close this page: nothing has happened yet.',
  },
  left: {
    title: 'You are unsubscribed',
    lead: (topic, company) => `${company} will not send you ${topic} any more. There is nothing else to do.`,
    late: 'A mail that left before this moment may still reach you.',
  },
  topics: new Map([['marketing', 'news and offers']]),
  topic: (name) => `mails on “${name}”`,
  everything: 'any mails',
};

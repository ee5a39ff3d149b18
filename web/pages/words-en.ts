// The English of the pages behind a mail's links.
import type { Words } from './wording.ts';

export const en: Words = {
  lang: 'en',
  cut: {
    title: 'This link does not work',
    lead: 'Part of it was lost on the way, or it is a very old one. Nothing was changed.',
    next: 'Please open it once more from the mail, as a whole. If that does not help, answer the mail and say what you wanted: the word “unsubscribe” is enough to leave.',
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
  confirm: {
    title: 'Please confirm',
    lead: 'You, or somebody with your address, asked us to write to you:',
    button: 'Yes, write to me',
    nothing: 'It was not you? Just close this page: without the button nothing is sent.',
  },
  confirmed: {
    title: 'Thank you, it is confirmed',
    lead: (company) => `${company} may now write to you. You can change this at any time.`,
  },
  preferences: {
    title: 'What may we send you?',
    lead: 'Topics',
    save: 'Save',
    asked: 'Waits for you to confirm it: we have sent you a mail about it.',
    pauseLead: 'Too much at the moment? We can be quiet for a while.',
    pause: 'Pause for 30 days',
    pausedUntil: (day) => `Your mail is paused until ${day}.`,
    resume: 'End the pause',
    offLead: 'Nothing more from us? It takes effect at once.',
    off: 'Turn everything off',
    blocked: 'Mail to your address came back, or was reported as unwanted, so we send none to it.',
    done: {
      saved: 'Saved. It holds from now on.',
      paused: 'Paused. For 30 days we send you nothing but what you have ordered.',
      resumed: 'The pause is over.',
      off: 'Everything is off. We will not write to you any more.',
    },
    way: 'Choose topics, or pause for a while',
  },
  survey: {
    question: 'How likely are you to recommend us?',
    missing: 'Please choose a number first.',
    why: 'What is the main reason? (you may leave this out)',
    send: 'Send my answer',
    nothing: 'Nothing is stored before you press the button.',
    change: 'You may change your answer for fourteen days: follow the link in the mail again.',
    closed: 'Your answer is older than fourteen days, so it stayed as it was.',
    thanks: {
      promoter: {
        title: 'Thank you, that is good to hear',
        lead: 'If somebody comes to mind whom we could help as well, just forward our mail.',
      },
      passive: {
        title: 'Thank you for your answer',
        lead: 'What would have made it a ten? Answer our mail, and a person will read it.',
      },
      detractor: {
        title: 'Thank you for being frank, and sorry',
        lead: 'Your answer goes to a person now, who will get in touch with you.',
      },
    },
  },
  form: {
    optional: '(you may leave this out)',
    unknown: 'I do not know yet',
    yes: 'Yes',
    no: 'No',
    send: 'Send my answers',
    nothing: 'Nothing is stored before you press the button.',
    change: 'You may change your answers for fourteen days: follow the link in the mail again.',
    check: 'Something is missing below. Nothing was stored yet.',
    wrong: (what, most) =>
      ({
        missing: 'Please answer this one.',
        number: 'Please write a number, for example 250.',
        choice: 'Please choose one of these.',
        long: `Please keep it under ${most.toLocaleString('en')} characters.`,
      })[what],
    closed: {
      late: {
        title: 'Your answers stay as they are',
        lead: 'You sent them more than fourteen days ago. If something has changed, simply answer our mail.',
      },
      decided: {
        title: 'Thank you, this is settled',
        lead: 'It has been decided meanwhile, so we need no answers any more.',
      },
      undecided: {
        title: 'Thank you, this is open again',
        lead: 'We are talking to each other again, so this question no longer arises.',
      },
      gone: {
        title: 'Nothing is asked here any more',
        lead: 'We no longer keep what this page was about. There is nothing for you to do.',
      },
    },
  },
  task: {
    due: (when) => `Due ${when}`,
    with: (owner) => (owner === null ? 'Nobody has it yet.' : `With ${owner}.`),
    finish: 'It is done',
    later: 'One business day later',
    cancel: 'It need not be done',
    nothing: 'Nothing changes before you choose.',
    open: (due) => `Put off: it is due ${due} now.`,
    done: () => 'It is done. Whoever waited for it goes on.',
    cancelled: () => 'It need not be done any more.',
  },
  topics: new Map([['marketing', 'news and offers']]),
  topic: (name) => `mails on “${name}”`,
  everything: 'any mails',
};

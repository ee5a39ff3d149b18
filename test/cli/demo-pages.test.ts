// What the people of the demo find in a mail and on a page, and what a whole season is held to.
import { describe, expect, it } from 'vitest';
import { findMissing, type Outcome } from '../../cli/demo/outcome.ts';
import { readFields, readMail } from '../../cli/demo/page-links.ts';

const origin = 'http://127.0.0.1:3000';

describe('a mail of the demo', () => {
  it('is read for what can be pressed in it, and the hidden link is not what a person sees', () => {
    const html = `<a class="x" href="${origin}/c/one?a=1&amp;b=2">See</a><a href="https://acme.example/">Away</a>
<a href="${origin}/s/token?score=7">7</a><a href="${origin}/f/token">Answer</a>
<div style="display:none;max-height:0" aria-hidden="true"><a href="${origin}/c/trap">.</a></div>
<img src="${origin}/o/token" width="1">`;
    expect(readMail(html, origin)).toEqual({
      survey: `${origin}/s/token`,
      form: `${origin}/f/token`,
      confirm: null,
      task: null,
      picture: `${origin}/o/token`,
      links: [`${origin}/c/one?a=1&b=2`],
      hidden: `${origin}/c/trap`,
    });
  });

  it('leads to pages whose fields are read with what stands in them', () => {
    const html = `<textarea name="deal.need" rows="4" required>
less &amp; less</textarea>
<input type="radio" name="deal.budget" value="set"><input type="radio" name="deal.budget" value="none" checked>
<input type="text" inputmode="decimal" name="contact.employees" value="12">`;
    expect(readFields(html)).toEqual([
      { name: 'deal.need', values: [], value: 'less & less', isRequired: true },
      { name: 'deal.budget', values: ['set', 'none'], value: 'none', isRequired: false },
      { name: 'contact.employees', values: [], value: '12', isRequired: false },
    ]);
  });
});

describe('a whole season', () => {
  const all = { opened: 1, clicked: 1, replied: 1, surveys: 1, forms: 1, confirmed: 1, left: 1, scanned: 1 };
  const whole = {
    ...{
      seconds: 1,
      contacts: 1,
      deals: {},
      runs: {},
      outcomes: {},
      accepted: 1,
      neverEntered: [],
      neverDone: [],
    },
    mails: { queued: 0, sent: 1, deferred: 0, refused: 0, unknown: 0, cancelled: 0 },
    tasks: { made: 2, open: 0, done: 2, overdue: 1, escalated: 1 },
    people: all,
  } satisfies Outcome;

  it('in which everything came to pass misses nothing', () => {
    expect(findMissing(whole)).toEqual([]);
  });

  it('is held to every workflow, every mail and task, and to what people and colleagues do', () => {
    const outcome: Outcome = {
      ...whole,
      neverEntered: ['renewal'],
      neverDone: ['payment/reminder'],
      people: { ...all, forms: 0 },
      tasks: { ...whole.tasks, escalated: 0 },
    };
    expect(findMissing(outcome)).toEqual([
      'nobody entered renewal',
      'payment/reminder never did anything',
      'nobody answered a form',
      'no late task was escalated',
    ]);
  });
});

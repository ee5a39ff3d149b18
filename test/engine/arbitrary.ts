// Generated workflows, and generated things that happen to a contact. A workflow is JSON, which is YAML; ids are
// numbered, so every generated one compiles.
import fc from 'fast-check';
import type { Happening } from '../../engine/step.ts';
import { day, hour, monday } from './fixture.ts';

type Block = readonly Record<string, unknown>[];

const duration = fc.constantFrom('30m', '5h', '1d', '3d', '1w', 'P1DT6H');
const phrase = fc.constantFrom(
  'contact clicks',
  'contact replies',
  'deal.stage changes',
  'deal.stage goes back',
  'event "webinar.joined"',
);
const condition = fc.constantFrom(
  'deal.amount >= 1000',
  'contact.employees > 10',
  'contact.consent.marketing',
  'replied()',
  'deal.stage == "Offer" || deal.stage == "Won"',
);

const { block } = fc.letrec<{ block: Block; step: Record<string, unknown> }>((tie) => ({
  block: fc.array(tie('step'), { maxLength: 4, depthIdentifier: 'steps' }),
  step: fc.oneof(
    { depthSize: 'small', depthIdentifier: 'steps', withCrossShrink: true },
    fc.record({ send: fc.constantFrom('intro', 'case-study', 'invoice') }),
    fc.record({ wait: duration }),
    fc.record({ wait: duration, until: phrase }),
    fc.record({ wait: duration, until: phrase, on_event: tie('block'), on_timeout: tie('block') }),
    fc.record({
      wait_until: fc.constantFrom('next business hours', 'tuesday 09:00', 'deal.renewal_on - 7d'),
    }),
    fc.record({
      set: fc.constantFrom({ 'contact.employees': 5 }, { 'deal.owner': 'ivan', 'deal.budget': 'set' }),
    }),
    fc.record({ move: fc.constantFrom('Offer', 'Won', 'Qualification') }),
    fc.record({ split: fc.constant({ a: 1, b: 2 }), steps: fc.record({ a: tie('block'), b: tie('block') }) }),
    tie('block').map((steps) => ({
      split: { loop: 1, past: 1 },
      steps: { loop: [...steps, { repeat: true }] },
    })),
    fc.tuple(condition, tie('block'), tie('block')).map(([test, then, otherwise]) => ({
      branch: [{ if: test, steps: then }, { else: otherwise }],
    })),
  ),
}));

type Step = Record<string, unknown>;

/** How the n-th step of this kind is called. */
type Naming = (n: number, verb: string) => string;
const byNumber: Naming = (n) => `s${n}`;
/** So that an id that two versions have is the same verb in both. */
const byVerb: Naming = (n, verb) => `${verb.replaceAll('_', '-')}-${n}`;
const verbs = ['send', 'wait', 'wait_until', 'set', 'move', 'split', 'branch', 'repeat'];

/** Gives every step an id, in the order in which it is written; a repeat leads to the first step of its block. */
function numbered(steps: Block, next: { id: number }, before: string, name = byNumber): Step[] {
  const ids: string[] = [];
  return steps.map((step) => {
    const id = name(next.id++, verbs.find((verb) => verb in step) ?? '');
    ids.push(id);
    const inner = (value: unknown) => numbered(value as Block, next, id, name);
    const blocks = Object.entries(step).map(([key, value]): [string, unknown] => {
      if (key === 'on_event' || key === 'on_timeout') return [key, inner(value)];
      if (key === 'steps') return [key, mapValues(value as Step, inner)];
      if (key === 'branch') return [key, (value as Step[]).map((arm) => mapBlocks(arm, inner))];
      if (key === 'repeat') return [key, { from: ids.length > 1 ? ids[0] : before, at_most: 2 }];
      return [key, value];
    });
    return { id, ...Object.fromEntries(blocks) };
  });
}

const mapValues = (record: Step, change: (value: unknown) => unknown): Step =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
const mapBlocks = (arm: Step, change: (value: unknown) => unknown): Step =>
  Object.fromEntries(Object.entries(arm).map(([key, value]) => [key, key === 'if' ? value : change(value)]));

/** What lint refuses when it can, the laws have to hold for all the same. */
const toFile = (definition: object) =>
  `# lint-ignore workflow-loop: circles end too\n${JSON.stringify(definition)}`;

export const workflow = fc
  .record({
    steps: block,
    again: fc.constantFrom('never', 'always', 'after 3 days'),
    per: fc.constantFrom('deal', 'contact'),
    exit: fc.subarray([
      { when: 'deal lost', outcome: 'lost' },
      { when: 'contact replies', outcome: 'replied', goal: true },
      { when: 'deal.stage leaves "Qualification"', outcome: 'moved-on' },
    ]),
  })
  .map(({ steps, again, per, exit }) => {
    const definition = {
      workflow: 'generated',
      enter: { when: 'deal.stage enters "Qualification"', again, per },
      exit,
      topic: 'marketing',
      steps: numbered(steps, { id: 1 }, ''),
    };
    return toFile(definition);
  });

/** Every id that stands in it, in order. */
const idsIn = (steps: readonly Step[]): string[] =>
  [...JSON.stringify(steps).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id ?? '');
const verbIn = (id: string) => id.replace(/-\d+$/, '');

/** With somewhere to stand before, amid and after whatever it does. */
const waiting = fc
  .tuple(duration, block, duration, block, fc.boolean())
  .map(
    ([first, then, second, last, sends]): Block => [
      ...(sends ? [{ send: 'intro' }] : []),
      { wait: first },
      ...then,
      { wait: second, until: 'contact clicks' },
      ...last,
    ],
  );

/**
 * Two versions of one workflow, as a marketer may write them: what the second lacks is renamed to a step of the same
 * verb that is new, or removed with a word of where its people go.
 */
export const edited = fc
  .record({
    blocks: fc.tuple(waiting, waiting),
    offset: fc.nat(3),
    fates: fc.array(fc.nat(99), { minLength: 12, maxLength: 12 }),
    policy: fc.constantFrom('migrate', 'migrate', 'restart'),
  })
  .map(({ blocks, offset, fates, policy }) => {
    const first = numbered(blocks[0], { id: 1 }, '', byVerb);
    const second = numbered(blocks[1], { id: 1 + offset }, '', byVerb);
    const [old, now] = [idsIn(first), idsIn(second)];
    const renamed: Record<string, string> = {};
    const removed: Record<string, string> = {};
    for (const [i, id] of old.filter((each) => !now.includes(each)).entries()) {
      const fate = fates[i % fates.length] ?? 0;
      const heir = now.find((each) => verbIn(each) === verbIn(id) && !old.includes(each));
      if (heir !== undefined && fate % 2 === 0 && !Object.values(renamed).includes(heir)) renamed[id] = heir;
      else removed[id] = ['continue', 'exit', ...now][fate % (now.length + 2)] ?? 'continue';
    }
    const head = {
      workflow: 'generated',
      enter: { when: 'deal.stage enters "Qualification"', again: 'always' },
      topic: 'marketing',
    };
    return {
      before: toFile({ ...head, steps: first }),
      after: toFile({ ...head, steps: second, in_flight: policy, renamed, removed }),
    };
  });

const stages = ['New', 'Qualification', 'Offer', 'Won', 'Lost'];

/** Up to twenty things within sixty days, ids in no order. */
export const events = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 60 * 24 }).map((hours) => monday + hours * hour),
      deal: fc.constantFrom('d1', 'd2'),
      what: fc.oneof(
        fc.record({
          type: fc.constant('deal.stage_changed'),
          from: fc.constantFrom(...stages),
          to: fc.constantFrom(...stages),
        }),
        fc.record({ type: fc.constantFrom('mail.clicked', 'mail.replied', 'webinar.joined') }),
      ),
    }),
    { maxLength: 20 },
  )
  .map((list) =>
    list.map(({ at, deal, what }, i): Happening => {
      const { type, ...change } = what;
      const data = type === 'deal.stage_changed' ? { pipeline: 'sales', ...change } : { class: 'human' };
      return { id: `e${(i * 7) % 20}-${i}`, type, at, dealId: deal, data };
    }),
  );

export const persona = {
  contact: { id: 'c1', employees: 12, consent: { marketing: true } },
  deals: { d1: { id: 'd1', amount: 5000 }, d2: { id: 'd2', amount: 10 } },
};

/** Long after every generated wait has passed. */
export const theEnd = monday + 4000 * day;

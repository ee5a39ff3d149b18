// set: writes facts of the contact or the deal. Later steps of the same hop see them. What the ledger reckons itself
// (ids, stages, consent, scores, times) cannot be set; a stage is moved by `move`, which tells the others.
import { z } from 'zod';
import { parseInstant } from '../engine/calendar-zone.ts';
import { createRaised } from '../engine/effect.ts';
import { kindWords, tellValue } from '../engine/kind-words.ts';
import type { Located, Place } from '../engine/source.ts';
import { suggest } from '../engine/spelling.ts';
import { type CompileContext, defineStep, type Fields, type Patch } from '../engine/step.ts';

const owners = ['contact', 'deal'] as const;
const kept = [
  'id',
  'email',
  'consent',
  'paused_until',
  'held_until',
  'held_since',
  'surveyed_at',
  'score',
  'pipeline',
  'stage',
  'stage_at',
  'created_at',
  'updated_at',
];
const kinds = { text: 'string', number: 'number', boolean: 'boolean', instant: 'string' };

export const set = defineStep({
  verb: 'set',
  shape: z.strictObject({
    set: z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean()], 'must be text, a number, true or false'),
      )
      .describe(
        'Facts and their new values: `{ contact.interest: risk }`. An instant is ISO text, or `now`.',
      ),
  }),
  doc: {
    text: 'Writes facts of the contact or the deal; the steps after it see them. An instant may be `now`.',
    example: '- id: note-owner\n  set: { deal.owner: olga }\n',
  },

  compile(source, at, context) {
    for (const [path, entry] of at.keys.get('set')?.value.keys ?? [])
      checkFact(path, entry.key, entry.value, context);
    const sets = Object.keys(source.set);
    const owner = source.set['deal.owner'];
    const raises =
      owner === undefined
        ? []
        : [{ type: 'deal.owner_changed', data: { to: String(owner) }, state: `owner ${owner}` }];
    return {
      params: { values: source.set },
      traits: { label: `set ${sets.join(', ')}` },
      notes: { sets, raises },
    };
  },

  decide(view) {
    const patch: { [owner: string]: Fields } = {};
    for (const [path, value] of Object.entries(view.params.values)) {
      const [owner = '', name = ''] = path.split('.');
      const now = new Date(view.now).toISOString();
      patch[owner] = { ...patch[owner], [name]: value === 'now' ? now : value };
    }
    const owner = (patch as Patch).deal?.owner;
    const changes = owner !== undefined && owner !== view.facts.deal?.owner;
    const raises = changes
      ? [createRaised(view, 'deal.owner_changed', { from: view.facts.deal?.owner ?? null, to: owner })]
      : [];
    return { go: 'on', patch, raises, why: `sets ${Object.keys(view.params.values).join(', ')}` };
  },
});

function checkFact(path: string, key: Place, value: Located, context: CompileContext): void {
  const { catalogue, hasDeal, report } = context;
  const [owner, name] = path.split('.');
  const known = owners.flatMap((each) =>
    Object.entries(catalogue.facts[each])
      .filter(([field, type]) => typeof type === 'string' && !kept.includes(field))
      .map(([field]) => `${each}.${field}`),
  );
  if (!known.includes(path)) {
    const why =
      name === 'stage' ? 'a stage is moved by `move`' : 'it comes by an event, or Voronka keeps it itself';
    const hint = kept.includes(name ?? '') ? why : suggest(path, known);
    report('unknown-fact', key, `\`${path}\` cannot be set`, hint);
    return;
  }
  if (owner === 'deal' && !hasDeal) report('no-deal', key, 'this workflow runs for a contact without a deal');
  const type = catalogue.facts[owner as 'contact' | 'deal'][name ?? ''];
  const expected = typeof type === 'string' ? type : 'text';
  if (typeof value.value !== kinds[expected])
    report(
      'wrong-type',
      value,
      `${path} is ${kindWords[expected]}, ${tellValue(value.value)}`,
      typeof value.value === 'string' && String(Number(value.value)) === value.value && expected === 'number'
        ? `write ${value.value} without quotes`
        : undefined,
    );
  else if (
    expected === 'instant' &&
    value.value !== 'now' &&
    parseInstant(String(value.value), 'UTC') === null
  )
    report('wrong-value', value, `\`${value.value}\` is no instant`, 'write `now`, or 2026-11-23T09:00:00Z');
}

// Event phrases: a closed set, each a line in a list. Reading one answers plain data that a plan keeps, with the text
// itself for the history. A phrase is no condition: it is true for an instant, of one event or one moment.
import type { Catalogue } from './catalogue.ts';
import type { PhraseKind, PhraseScope, Scene } from './phrase-kind.ts';
import { contactPhrases } from './phrases-contact.ts';
import { dealPhrases } from './phrases-deal.ts';
import { timePhrases } from './phrases-time.ts';
import type { Located } from './source.ts';
import { closest } from './spelling.ts';
import type { Fields, Happening, Json } from './step.ts';

/** In the order in which the reference shows them. */
export const phrases: readonly PhraseKind[] = [...dealPhrases, ...contactPhrases, ...timePhrases];

const byName = new Map(phrases.map((phrase) => [phrase.is, phrase]));

/** The phrase as data; null where it is none, which has been reported. */
export function readPhrase(at: Located, scope: PhraseScope): Json {
  if (typeof at.value !== 'string') {
    scope.report('wrong-type', at, 'an event is a text', `for example \`${phrases[0]?.form}\``);
    return null;
  }
  const text = at.value.trim().replace(/\s+/g, ' ');
  for (const phrase of phrases) {
    const match = phrase.pattern.exec(text);
    if (match === null) continue;
    const groups = Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined);
    const kept = phrase.read?.(match.groups ?? {}, at, scope) ?? Object.fromEntries(groups);
    const data: Fields = { is: phrase.is, ...kept, text };
    phrase.check?.(data, at, scope);
    return data;
  }
  scope.report('bad-phrase', at, `no event reads \`${text}\``, hintFor(text));
  return null;
}

/** A phrase of a deal is heard by the runs of that deal alone. */
export function hearsPhrase(data: Json, event: Happening, scene: Scene): boolean {
  const kind = kindOf(data);
  if (kind.isOfDeal(data as Fields) && scene.run !== null && event.dealId !== scene.run.dealId) return false;
  return kind.hears?.(data as Fields, event, scene) === true;
}

/** The first moment after `after` at which time alone makes it true; null where only an event can. */
export function momentOfPhrase(data: Json, scene: Scene, after: number): number | null {
  return kindOf(data).momentAfter?.(data as Fields, scene, after) ?? null;
}

/** True where time alone can make it true, so that its contacts need an agenda. */
export function isTimed(data: Json): boolean {
  return byName.get(String((data as Fields | null)?.is))?.momentAfter !== undefined;
}

export function isOfDeal(data: Json): boolean {
  return kindOf(data).isOfDeal(data as Fields);
}

/** True where it speaks of a deal, or its events may name one. */
export function mayBeOfDeal(data: Json): boolean {
  return isOfDeal(data) || kindOf(data).mayNameDeal === true;
}

/** True where the deal is decided once it has been heard. */
export function isOutcome(data: Json, catalogue: Catalogue): boolean {
  return kindOf(data).isOutcome?.(data as Fields, catalogue) === true;
}

export function tellPhrase(data: Json): string {
  return String((data as Fields).text);
}

function kindOf(data: Json): PhraseKind {
  const is = String((data as Fields | null)?.is);
  const kind = byName.get(is);
  if (kind === undefined) throw new Error(`this program knows no event phrase "${is}"`);
  return kind;
}

/** The forms that begin like it; else the one that looks most like it. */
function hintFor(text: string): string {
  const start = text.split(/[ "']/)[0] ?? '';
  const near = phrases.filter(({ form }) => form.startsWith(`${start} `)).map(({ form }) => form);
  if (near.length > 0) return `known: ${near.join('; ')}`;
  const starts = phrases.map(({ form }) => form.split(' ')[0] ?? '');
  const first = closest(start, starts);
  const forms = phrases.filter(({ form }) => first !== null && form.startsWith(`${first} `));
  return `known: ${(forms.length > 0 ? forms : phrases).map(({ form }) => form).join('; ')}`;
}

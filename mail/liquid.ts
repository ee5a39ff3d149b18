// Liquid as marketers get it: few tags, few filters, nothing that reads a file, the clock or a prototype, and bounds on
// work and memory. Two engines alike but for escaping: HTML parts escape every output (there is no `raw`), text parts do
// not. What a contact wrote is only ever a value: never parsed, never rendered twice.
import { Liquid, type Template } from 'liquidjs';
import { KEPT_FILTERS, registerOwn } from './filters.ts';

const TAGS = ['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', '#'];
export const TAG_NAMES: readonly string[] = TAGS.filter((tag) => tag !== '#');

/** Bounds of one render. A large honest mail takes about 1 ms, 2,000 tags and 100 KB. */
const LIMITS = { parseLimit: 1_000_000, renderLimit: 500, memoryLimit: 5_000_000, templateLimit: 50_000 };

export const htmlLiquid = engine('escape');
export const textLiquid = engine(null);

/** A parsed template: rendered any number of times. */
export type Parsed = readonly Template[];

/** Renders with the given scope. Throws a fault on a runaway template: compile has already tried it once. */
export function render(liquid: Liquid, parsed: Parsed, scope: object): string {
  return liquid.renderSync([...parsed], scope, { templateLimit: LIMITS.templateLimit });
}

function engine(outputEscape: 'escape' | null): Liquid {
  const liquid = new Liquid({
    ...(outputEscape === null ? {} : { outputEscape }),
    ownPropertyOnly: true,
    strictFilters: true,
    templates: {},
    timezoneOffset: 0,
    locale: 'en',
    ...LIMITS,
  });
  for (const tag of Object.keys(liquid.tags)) if (!TAGS.includes(tag)) delete liquid.tags[tag];
  const date = liquid.filters.date;
  for (const filter of Object.keys(liquid.filters))
    if (!KEPT_FILTERS.includes(filter)) liquid.unregisterFilter(filter);
  registerOwn(liquid, date);
  return liquid;
}

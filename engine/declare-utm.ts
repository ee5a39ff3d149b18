// The tags of policy.yaml, checked: what stands in braces is something that a mail knows of itself.
import type { Report } from './diagnostic.ts';
import type { Utm } from './policy.ts';
import { placeAt } from './read-values.ts';
import type { Located } from './source.ts';
import { suggest } from './spelling.ts';
import { utmNames } from './utm.ts';

/** `at`: the place of the tags. */
export function readUtm(
  said: { readonly [key: string]: string | undefined },
  at: Located,
  report: Report,
): Utm {
  const tags = Object.entries(said).flatMap(([key, text]) =>
    text === undefined ? [] : [[key, text] as const],
  );
  for (const [key, text] of tags)
    for (const [whole, name = ''] of text.matchAll(/\{([^{}]*)\}/g))
      if (!utmNames.includes(name))
        report(
          'wrong-value',
          placeAt(at, key),
          `\`${whole}\` is nothing that a mail knows of itself`,
          suggest(name, utmNames) ?? `write ${utmNames.map((one) => `{${one}}`).join(', ')}, or a word`,
        );
  return Object.fromEntries(tags);
}

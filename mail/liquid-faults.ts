// What liquidjs says of Liquid that does not parse, in words a marketer can use and at the place that is meant.
import { suggest } from '../engine/spelling.ts';
import type { Place, Report } from './codes.ts';
import { FILTER_NAMES } from './filters.ts';
import { TAG_NAMES } from './liquid.ts';
import { placeIn, type SourceFile } from './source.ts';

export function reportLiquid(file: SourceFile, text: string, error: unknown, report: Report): void {
  const { token, message } = error as { token?: { getPosition?: () => number[] }; message: string };
  const [line = 1, column = 1] = token?.getPosition?.() ?? [];
  const words = message.replace(/, (?:file:.*?, )?line:\d+, col:\d+$/, '');
  const [, filter] = /^undefined filter: (.*)$/.exec(words) ?? [];
  const [, tag] = /^tag "(.*)" not found$/.exec(words) ?? [];
  const place = { file: file.path, line, column };
  if (filter !== undefined)
    report(
      'template-liquid',
      placeIn(file, filterAt(text, filter, place)),
      `There is no filter "${filter}"`,
      suggest(filter, FILTER_NAMES),
    );
  else if (tag?.startsWith('end') || tag === 'else' || tag === 'elsif')
    report(
      'template-liquid',
      place,
      `{% ${tag} %} without the tag that it belongs to`,
      'A tag is opened and closed in the same file',
    );
  else if (tag !== undefined)
    report('template-liquid', place, `There is no tag "${tag}"`, suggest(tag, TAG_NAMES));
  else report('template-liquid', place, words);
}

/** liquidjs gives the place of the output; the filter stands further on. */
function filterAt(text: string, filter: string, { line, column }: Place): number {
  const start =
    text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length +
    (line > 1 ? 1 : 0) +
    column -
    1;
  const found = text.slice(start).search(new RegExp(`\\|\\s*${filter.replace(/\W/g, '\\$&')}`));
  return found < 0 ? start : text.indexOf(filter, start + found);
}

// MJML to HTML and to the text part, Liquid untouched. The only room that runs MJML: once per template and locale, and
// counted. MJML is loaded when something is compiled and not before (it takes a third of a second).
import type { Palette } from '../engine/brand.ts';
import type { Report } from './codes.ts';
import { dress, paint } from './dress.ts';
import type { Head } from './head.ts';
import { cutHoles } from './holes.ts';
import { toPlain } from './plain.ts';
import type { Source } from './source.ts';
import { type Target, tagLinks, trackLinks } from './targets.ts';
import { tieWords } from './typography.ts';

let compiled = 0;

/** How often MJML has run in this process: once per template and locale, whatever is sent. */
export function countCompiles(): number {
  return compiled;
}

export interface Converted {
  readonly html: string;
  readonly text: string;
  readonly targets: readonly Target[];
}

/** Both parts, or null where MJML would not have it or dropped some of it; what and where has been reported. */
export async function toHtml(
  source: Source,
  head: Head,
  { name, locale, palette }: { readonly name: string; readonly locale: string; readonly palette: Palette },
  report: Report,
): Promise<Converted | null> {
  const holes = cutHoles(source.text);
  const result = await run(paint(dress(holes, head, locale), palette));
  for (const { line, message, tagName } of result.errors) {
    const start = nthLine(source.text, line);
    const column = Math.max(0, source.text.slice(start).split('\n', 1)[0]?.indexOf(`<${tagName}`) ?? 0);
    report('template-mjml', source.placeOf(start + column), message);
  }
  if (result.errors.length > 0) return null;
  const lost = holes.missing(result.html);
  for (const { at, liquid } of lost)
    report(
      'template-dropped',
      source.placeOf(at),
      `MJML drops ${liquid} here in silence`,
      `Between elements it stands in <mj-raw>${liquid}</mj-raw>`,
    );
  if (lost.length > 0) return null;
  const tight = /<pre[\s>]/.test(result.html) ? result.html : result.html.replace(/\n\s+/g, '\n');
  const tagged = tagLinks(tieWords(tight, locale), holes, head.utm);
  const { html, targets } = trackLinks(tagged, holes, name, locale);
  return { html: holes.restore(html), text: holes.restore(toPlain(tagged)), targets };
}

interface Result {
  readonly html: string;
  readonly errors: readonly { readonly line: number; readonly message: string; readonly tagName: string }[];
}

async function run(document: string): Promise<Result> {
  const { default: mjml } = await import('mjml');
  compiled += 1;
  try {
    // Without `fonts: {}` it would load Google's fonts into every mail.
    const options = {
      validationLevel: 'soft',
      keepComments: false,
      ignoreIncludes: true,
      fonts: {},
    } as const;
    return await mjml(document, options);
  } catch (error) {
    // MJML throws at a document that is none, and says no place.
    const message = error instanceof Error ? error.message : String(error);
    return { html: '', errors: [{ line: 1, message, tagName: '' }] };
  }
}

function nthLine(text: string, line: number): number {
  let start = 0;
  for (let n = 1; n < line; n += 1) start = text.indexOf('\n', start) + 1;
  return start;
}

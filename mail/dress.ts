// What every mail needs and no author should have to write, put into the MJML: its language, its title, its preheader, and
// the colours of the brand. No line is added, so that MJML's own messages keep their lines.
import type { Palette } from '../engine/brand.ts';
import type { Head } from './head.ts';
import type { Holes } from './holes.ts';

export function dress(holes: Holes, head: Head, locale: string): string {
  const title = holes.fill(escapeText(head.subject.text));
  const preview =
    head.preheader === null ? '' : `<mj-preview>${holes.fill(escapeText(head.preheader.text))}</mj-preview>`;
  // MJML's own 13 pixels are too small to read on a phone; whatever the author says comes later and wins.
  const size = '<mj-attributes><mj-all font-size="16px" /></mj-attributes>';
  const added = `${size}${holes.text.includes('<mj-title') ? '' : `<mj-title>${title}</mj-title>`}${holes.text.includes('<mj-preview') ? '' : preview}`;
  const language = locale === 'default' ? 'en' : locale;
  const text = holes.text.replace(/<mjml(?![^>]*\slang=)(?=[\s>])/, `<mjml lang="${language}"`);
  return text.includes('<mj-head>')
    ? text.replace('<mj-head>', () => `<mj-head>${added}`)
    : text.replace(/<mjml[^>]*>/, (tag) => `${tag}<mj-head>${added}</mj-head>`);
}

/** `brand(accent)`, in an attribute or a style, becomes that colour; a name that nobody knows has been told by lint. */
export const BRAND = /\bbrand\(([a-z-]+)\)/g;

export function paint(text: string, palette: Palette): string {
  const colours: { readonly [name: string]: string } = palette;
  return text.replace(BRAND, (all, name: string) => colours[name] ?? all);
}

/** `&`, `<` and `>` of the words; Liquid stays as it is. */
function escapeText(text: string): string {
  return text
    .split(/(\{\{.*?\}\}|\{%.*?%\})/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;'),
    )
    .join('');
}

// The text part, made from the HTML once per template with the Liquid still in it, so that a send renders text and never
// converts HTML. Same content, links visible, images left out. Rendered, it is tidied: what an `if` left empty closes up.
import { compile } from 'html-to-text';

const convert = compile({
  wordwrap: false,
  selectors: [
    // The preheader and other hidden blocks, which a reader of the HTML never sees.
    { selector: 'div[style*="display:none"]', format: 'skip' },
    { selector: 'img', format: 'skip' },
    {
      selector: 'a',
      options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] },
    },
    { selector: 'h1', options: { uppercase: false } },
    { selector: 'h2', options: { uppercase: false } },
    { selector: 'h3', options: { uppercase: false } },
  ],
});

export function toPlain(html: string): string {
  // `mailto:a@b?subject=%D0...` is readable up to the question mark.
  return tidy(convert(html.replace(/(\shref="mailto:[^"?]*)\?[^"]*"/g, '$1"')));
}

export function tidy(text: string): string {
  return `${text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

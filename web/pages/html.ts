// A template tag that escapes everything, so that a page cannot be made unsafe by forgetting. What `html` returns
// is the only thing that goes in as it stands; text, numbers and anything else are escaped for text and for quoted
// attributes alike. Attributes are therefore always written in quotes.

const made = Symbol('html');

export interface Html {
  readonly [made]: true;
  readonly text: string;
}
export type Part = Html | string | number | null | undefined | false | readonly Part[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings
    .map((string, at) => (at === 0 ? string : `${textOf(parts[at - 1])}${string}`))
    .join('');
  return { [made]: true, text };
}

/** null, undefined and false print nothing; a list prints its parts one after another. */
function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  if (isList(part)) return part.map(textOf).join('');
  // Types end where JSON begins: an object that only looks made is text like any other.
  return made in part ? part.text : escaped(JSON.stringify(part));
}

// Array.isArray does not narrow a readonly list out of a union.
function isList(part: Html | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part);
}

const entities: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

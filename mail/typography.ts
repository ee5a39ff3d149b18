// Russian typography that no author should have to type: a short word does not end a line, a dash does not begin one, and
// a number keeps its unit, `что-то` is not torn. Done once, in the finished HTML, on the words between its tags; other languages stay as written.

const SHORT = 'а|в|во|и|к|ко|о|об|с|со|у|я|на|за|по|до|из|от|не|ни|но|да|при|под|над|для|без';
const BEFORE = new RegExp(`(?<![\\p{L}\\p{N}-])(${SHORT}) (?=\\S)`, 'giu');
const AFTER = /(?<=\S) (?=(?:же|ли|бы)(?!\p{L}))/giu;
const DASH = /(?<=\S) (?=[—–])/gu;
const UNIT = /(?<=\d) (?=[\p{Script=Cyrillic}₽%×])/gu;
const HYPHEN = /(?<=\p{L})-(?=(?:то|либо|нибудь|за|под)(?!\p{L}))/giu;
const PREFIX = /(?<=(?<!\p{L})(?:по|кое|во|в))-(?=\p{L})/giu;
const TIED = '\u00a0';

/** Spaces become unbreakable where Russian asks for it. */
export function tieWords(html: string, locale: string): string {
  if (!/^ru\b/.test(locale)) return html;
  // What stands in <style> and in comments for Outlook is no text.
  return html
    .split(/(<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<[^>]*>)/)
    .map((part, index) => (index % 2 === 1 ? part : tie(part)))
    .join('');
}

function tie(text: string): string {
  return text
    .replace(BEFORE, `$1${TIED}`)
    .replace(AFTER, TIED)
    .replace(DASH, TIED)
    .replace(UNIT, TIED)
    .replace(HYPHEN, '\u2011')
    .replace(PREFIX, '\u2011');
}

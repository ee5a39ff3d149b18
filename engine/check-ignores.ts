// The ignores themselves: one that gives no reason, names no code, or silences nothing is told, so that they cannot pile
// up unread.
import type { CodeMeaning } from './codes.ts';
import { collector, type Diagnostic, hasErrors } from './diagnostic.ts';
import { readIgnores, silencedBy } from './ignores.ts';
import type { SourceFile } from './source.ts';
import { suggest } from './spelling.ts';

/**
 * What is wrong with the ignores themselves. `found` is everything that was found, the silenced included. In a file with
 * an error not every rule was asked, and rules over several files need all of them: there nothing is called unused.
 */
export function judgeIgnores(
  files: readonly SourceFile[],
  found: readonly Diagnostic[],
  codes: { readonly [code: string]: CodeMeaning },
): Diagnostic[] {
  const judged: Diagnostic[] = [];
  const report = collector(judged);
  for (const file of files) {
    const ignores = readIgnores(file);
    if (ignores.length === 0) continue;
    const isIgnored = silencedBy(ignores);
    const here = found.filter((one) => one.file === file.path);
    const isWhole = !hasErrors(here.filter((one) => !isIgnored(one)));
    const said = new Set(here.map(({ line, code }) => `${line}:${code}`));
    for (const ignore of ignores) {
      const { code, reason, speaksOf } = ignore;
      if (codes[code] === undefined)
        report(
          'bad-ignore',
          ignore,
          `there is no code \`${code}\` to ignore`,
          suggest(code, Object.keys(codes)),
        );
      else if (reason === '')
        report('bad-ignore', ignore, 'this does not say why', `write \`# lint-ignore ${code}: the reason\``);
      else if (codes[code].isAcross !== true && isWhole && !said.has(`${speaksOf}:${code}`))
        report('unused-ignore', ignore, `nothing says \`${code}\` on line ${speaksOf}`, 'take this line out');
    }
  }
  return judged;
}

// What a template prints and where: its Liquid parsed piece by piece in its own file, so that every message has the line
// and column the author sees.

import { type Liquid, Tokenizer } from 'liquidjs';
import type { Place, Report } from './codes.ts';
import { htmlLiquid } from './liquid.ts';
import { reportLiquid } from './liquid-faults.ts';
import { placeIn, type SourceFile } from './source.ts';

export interface Variable {
  /** As in `contact.first_name`. */
  readonly path: string;
  readonly place: Place;
  /** Printed with `default:`, or only inside an `if` that asks for it, or only asked. */
  readonly isSafe: boolean;
}

/** The variables of one piece of a file, or null where its Liquid does not parse (which has been reported). */
export function readVariables(
  file: SourceFile,
  from: number,
  piece: string,
  report: Report,
): Variable[] | null {
  // What stands before the piece is blanked, not cut, so that the parser counts lines and columns as the file has them.
  const text = file.text.slice(0, from).replace(/[^\n]/g, ' ') + piece;
  let analysis: ReturnType<Liquid['parseAndAnalyzeSync']>;
  try {
    analysis = htmlLiquid.parseAndAnalyzeSync(text, undefined, { partials: false });
  } catch (error) {
    reportLiquid(file, text, error, report);
    return null;
  }
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  const outputs = readOutputs(text);
  return Object.values(analysis.globals)
    .flat()
    .map((one) => {
      const path = one.segments.map(String).join('.');
      const at = (lineStarts[one.location.row - 1] ?? 0) + one.location.col - 1;
      const output = outputs.find(({ begin, end }) => begin <= at && at < end);
      const isSafe =
        output === undefined || output.hasDefault || output.asked.some((asked) => asked.includes(path));
      return { path, place: placeIn(file, at), isSafe };
    });
}

interface Output {
  readonly begin: number;
  readonly end: number;
  readonly hasDefault: boolean;
  /** Conditions it stands under. */
  readonly asked: readonly string[];
}

function readOutputs(text: string): Output[] {
  const open: string[] = [];
  const outputs: Output[] = [];
  for (const { begin, end } of new Tokenizer(text).readTopLevelTokens()) {
    const token = text.slice(begin, end);
    const tag = /^\{%-?\s*(end)?(\w+)([\s\S]*?)-?%\}$/.exec(token);
    if (token.startsWith('{{'))
      outputs.push({ begin, end, hasDefault: /\|\s*default\s*:/.test(token), asked: [...open] });
    else if (tag?.[1] === 'end') open.pop();
    else if (['if', 'unless', 'case', 'for', 'comment'].includes(tag?.[2] ?? ''))
      open.push(tag?.[2] === 'if' ? (tag?.[3] ?? '') : '');
    else if (tag?.[2] === 'elsif' || tag?.[2] === 'else')
      open[Math.max(0, open.length - 1)] = tag[2] === 'elsif' ? (tag[3] ?? '') : '';
  }
  return outputs;
}

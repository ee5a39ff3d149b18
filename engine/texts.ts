// Texts with Liquid in them that stand in a workflow: a task's title and notes. The engine parses no Liquid; whoever
// compiles hands it a reader (mail/texts.ts), and what that finds is reported at the very place in the YAML.
import type { FieldTypes } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import { type Located, placeWithin } from './source.ts';

export interface TextFinding {
  readonly code: 'bad-liquid' | 'unknown-fact';
  /** Characters of the text before it. */
  readonly offset: number;
  readonly length: number;
  readonly message: string;
  readonly hint?: string;
}

export interface ReadText {
  readonly findings: readonly TextFinding[];
  /** The facts that it prints or asks, each with its place: `deal.title`. */
  readonly facts: readonly { readonly path: string; readonly offset: number }[];
}

export type TextReader = (
  text: string,
  facts: { readonly contact: FieldTypes; readonly deal: FieldTypes },
) => ReadText;

/** Where there is nobody to read Liquid, nothing is found: for those who compile what was checked before. */
export const readNothing: TextReader = () => ({ findings: [], facts: [] });

interface TextScope {
  readonly catalogue: { readonly facts: Parameters<TextReader>[1] };
  readonly hasDeal: boolean;
  readonly report: Report;
}

export function checkText(at: Located, read: TextReader, { catalogue, hasDeal, report }: TextScope): string {
  const text = String(at.value);
  const { findings, facts } = read(text, catalogue.facts);
  for (const { code, offset, length, message, hint } of findings)
    report(code, placeWithin(at, offset, length), message, hint);
  const ofDeal = facts.find(({ path }) => path.startsWith('deal.'));
  if (ofDeal !== undefined && !hasDeal)
    report(
      'no-deal',
      placeWithin(at, ofDeal.offset, ofDeal.path.length),
      `this prints ${ofDeal.path}, and the workflow runs for a contact without a deal`,
    );
  return text;
}

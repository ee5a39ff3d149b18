// What a check is given, and what it is: a function over a finished draft that reports.
import type { Place, Report } from '../codes.ts';
import type { Source, SourceFile } from '../source.ts';

/** As its author wrote it. */
export interface Written {
  readonly source: Source;
  readonly locale: string;
  /** null: transactional. */
  readonly topic: string | null;
  /** The text part, where it is written by hand. */
  readonly written: SourceFile | undefined;
  /** The top of the template file, for what has no better place. */
  readonly top: Place;
}

/** As a reader gets it, but for the Liquid. */
export interface Draft extends Written {
  readonly html: string;
  /** Where words of the HTML were written; the top where they cannot be found. */
  find(words: string): Place;
}

export type Check<Of> = (of: Of, report: Report) => void;

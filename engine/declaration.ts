// What a declaration beside the workflows is: files of a known name and shape that add to the catalogue.
// The list of them is in declarations.ts.
import type { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import type { Report } from './diagnostic.ts';
import { checkShape } from './shape.ts';
import type { Located } from './source.ts';

export interface Declaration {
  /** The file's name in workflows/, or `folder/*.yaml`. */
  readonly file: string;
  readonly doc: { readonly text: string; readonly example: string };
  /** Said where it speaks of an install's own fields: a folder without it is not given the shipped one. */
  readonly isOwn?: true;
  readonly shape: z.ZodType;
  /** The catalogue with what these files say; without what is wrong in them, which has been reported. */
  read(roots: readonly Located[], catalogue: Catalogue, report: Report): Catalogue;
}

/** A file of the right shape, and where its parts stand. */
export interface Read<T> {
  readonly source: T;
  readonly root: Located;
}

export interface DeclarationDefinition<S extends z.ZodType> extends Omit<Declaration, 'shape' | 'read'> {
  readonly shape: S;
  read(files: readonly Read<z.output<S>>[], catalogue: Catalogue, report: Report): Catalogue;
}

/** Checks the shape first, so that a declaration reads only what is well-formed. */
export function defineDeclaration<S extends z.ZodType>(definition: DeclarationDefinition<S>): Declaration {
  return {
    ...definition,
    read(roots, catalogue, report) {
      const files = roots.flatMap((root) => {
        const checked = checkShape(definition.shape, root, report);
        return checked === null ? [] : [{ source: checked.source, root: checked.at }];
      });
      return files.length === 0 ? catalogue : definition.read(files, catalogue, report);
    },
  };
}

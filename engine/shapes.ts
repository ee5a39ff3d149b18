// Small zod shapes that workflows, steps and declarations share, with words for what is wrong.
import { z } from 'zod';

export const idPattern = /^[a-z][a-z0-9-]*$/;

export const id = (what: string) =>
  z.string().regex(idPattern, `is ${what}: lower-case letters, digits and hyphens, beginning with a letter`);
export const text = z.string().min(1, 'must not be empty');
export const percent = z.string().regex(/^\d+(\.\d+)?%$/, 'must be a percentage, for example `10%`');

// What `simulate --contact FILE` may say: facts of the contact and the deal, and events with type, at and data. Everything
// that is wrong in it is said at once, each at its line, as lint does.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseInstant } from '../engine/calendar-zone.ts';
import type { Catalogue } from '../engine/catalogue.ts';
import { collector, type Diagnostic, printDiagnostics, settle } from '../engine/diagnostic.ts';
import { checkShape } from '../engine/shape.ts';
import { type Located, readSource } from '../engine/source.ts';
import type { Fields } from '../engine/step.ts';
import { readFacts } from '../engine/story-given.ts';
import { complaint } from './streams.ts';

export interface ContactFile {
  readonly contact?: Fields;
  readonly deal?: Fields;
  readonly events?: readonly { readonly type: string; readonly at: number; readonly data: Fields }[];
}

const fields = z.record(z.string(), z.unknown());
const shape = z.strictObject({
  contact: fields.optional(),
  deal: fields.optional(),
  events: z
    .array(
      z.strictObject({
        type: z.string().regex(/^[a-z][a-z0-9_.]*$/, 'is a type such as `deal.stage_changed`'),
        at: z.string(),
        data: fields.optional(),
      }),
    )
    .optional(),
});

export function readContactFile(path: string, catalogue: Catalogue): ContactFile {
  const file = { path, text: readFileSync(path, 'utf8') };
  const found: Diagnostic[] = [];
  const report = collector(found);
  const { root, refusals } = readSource(file);
  for (const { code, place, message, hint } of refusals) report(code, place, message, hint);
  const read = root === null || root.value === null ? {} : readRoot(root, catalogue, report);
  if (found.length > 0) throw complaint(2, printDiagnostics(settle(found, [file]), [file]));
  return read;
}

function readRoot(root: Located, catalogue: Catalogue, report: ReturnType<typeof collector>): ContactFile {
  const checked = checkShape(shape, root, report);
  const at = checked?.at ?? root;
  const factsOf = (owner: 'contact' | 'deal') => {
    const written = at.keys.get(owner)?.value;
    if (written === undefined) return {};
    return { [owner]: readFacts(written, owner, catalogue.facts[owner], null, report) };
  };
  const events = at.keys.get('events')?.value.items.map((event) => {
    const said = event.keys.get('at')?.value;
    const instant = parseInstant(String(said?.value), catalogue.zone);
    if (instant === null && said !== undefined)
      report('wrong-value', said, `\`${said.value}\` is no instant`, 'write 2026-01-12T09:00:00Z');
    const type = String(event.keys.get('type')?.value.value);
    return { type, at: instant ?? 0, data: (event.keys.get('data')?.value.value ?? {}) as Fields };
  });
  return { ...factsOf('contact'), ...factsOf('deal'), ...(events === undefined ? {} : { events }) };
}

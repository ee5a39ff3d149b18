// What `perform` is handed, with only what a test is about; asking for anything else fails the test.
import type { Io } from '../../engine/step.ts';
import { monday } from '../engine/fixture.ts';

const notAsked = () => Promise.reject(new Error('nobody was to ask for this'));

export function ioOf(parts: Partial<Io> = {}): Io {
  return {
    now: monday,
    facts: { contact: {}, deal: null },
    mail: notAsked,
    call: notAsked,
    task: notAsked,
    notify: notAsked,
    tell: notAsked,
    survey: notAsked,
    report: notAsked,
    ...parts,
  };
}

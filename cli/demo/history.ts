// A history from a file: NDJSON, one event of the API a line. A history is played in the order of `at` whatever the
// order of its lines; an event without a readable `at` follows the line above it, and the API says what it lacks.
import { complaint } from '../streams.ts';
import type { Cue } from './play.ts';

/** Complains of every line that is not JSON at once. */
export function readHistory(path: string, text: string): Cue[] {
  const broken: string[] = [];
  const cues: Cue[] = [];
  let at = 0;
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    try {
      const event: unknown = JSON.parse(line);
      at = atOf(event) ?? at;
      cues.push({ at, event });
    } catch (error) {
      broken.push(
        `${path}:${index + 1}: not JSON: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  });
  if (broken.length > 0) throw complaint(1, [...broken.slice(0, 20), ...more(broken.length - 20)].join('\n'));
  if (cues.length === 0) throw complaint(1, `${path} holds no events: one JSON object a line is expected.`);
  const first = Math.min(...cues.map((cue) => cue.at || Number.POSITIVE_INFINITY));
  return cues.map((cue) => ({ ...cue, at: cue.at || first })).sort((a, b) => a.at - b.at);
}

function atOf(event: unknown): number | null {
  const at =
    typeof event === 'object' && event !== null && 'at' in event ? Date.parse(String(event.at)) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}

const more = (count: number) => (count > 0 ? [`... and ${count} more`] : []);

// A logger that keeps what it is told, so that a test can ask what an operator would have read.
import { type Logger, pino } from 'pino';

export interface RecordedLog {
  readonly log: Logger;
  /** Messages of level warn and above, in order. */
  warnings(): string[];
  /** Every line as it would be written, debug included. */
  lines(): string[];
}

export function recordLog(): RecordedLog {
  const written: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void written.push(line) });
  const warnings = () =>
    written
      .map((line) => JSON.parse(line) as { readonly level: number; readonly msg: string })
      .filter(({ level }) => level >= 40)
      .map(({ msg }) => msg);
  return { log, warnings, lines: () => [...written] };
}

// How far the season is: a bar on a terminal, a line every ten days elsewhere. Written to stderr, so that stdout
// stays for results.
import { Presets, SingleBar } from 'cli-progress';
import type { Stream } from '../streams.ts';

export interface Progress {
  /** `day` of the season, and the mails so far. */
  show(day: number, mails: number): void;
  stop(): void;
}

export function openProgress(err: Stream, days: number): Progress {
  return isTerminal(err) ? openBar(err, days) : openLines(err, days);
}

function openBar(err: NodeJS.WriteStream, days: number): Progress {
  const bar = new SingleBar(
    {
      format: 'day {value} of {total}  {bar}  {mails} mails',
      stream: err,
      hideCursor: true,
      fps: 10,
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(days, 0, { mails: 0 });
  return { show: (day, mails) => bar.update(Math.floor(day), { mails }), stop: () => bar.stop() };
}

function openLines(err: Stream, days: number): Progress {
  let said = 0;
  return {
    show: (day, mails) => {
      if (day < said + 10) return;
      said = Math.floor(day / 10) * 10;
      err.write(`day ${said} of ${days}: ${mails} mails\n`);
    },
    stop: () => undefined,
  };
}

function isTerminal(stream: Stream): stream is NodeJS.WriteStream {
  return stream.isTTY === true;
}

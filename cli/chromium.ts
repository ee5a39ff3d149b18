// Pictures of pages by headless Chromium, spoken to over its own pipe: one browser for all of them, a page each in turn,
// in any width and in either colour scheme. Nothing is installed for it; where there is none, there are no pictures.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

export interface Shot {
  /** The page: a file on disk. */
  readonly file: string;
  readonly width: number;
  /** Pixels of the screen to one of the page. */
  readonly scale: number;
  readonly scheme: 'light' | 'dark';
}

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const patienceMs = 30_000;
const highest = 16_000;

/** Where it is; null: nowhere. A path that was given counts alone. */
export function findChromium(given: string | null): string | null {
  return (given === null ? usual : [given]).find((path) => existsSync(path)) ?? null;
}

/** PNGs in the order of the shots. Throws where the browser does not answer. */
export async function takePictures(path: string, shots: readonly Shot[]): Promise<Buffer[]> {
  const profile = mkdtempSync(join(tmpdir(), 'voronka-chromium-'));
  const browser = spawn(path, argumentsFor(profile), {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => {
    browser.once('exit', () => resolve());
    browser.once('error', () => resolve());
  });
  try {
    const pipe = openPipe(browser);
    const pictures: Buffer[] = [];
    for (const shot of shots) pictures.push(await takePicture(pipe, shot));
    // In order, so that its processes are gone too: killed, they go on writing into the profile for a while.
    await Promise.allSettled([pipe.ask('Browser.close')]);
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
    return pictures;
  } finally {
    browser.kill('SIGKILL');
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 20 });
  }
}

function argumentsFor(profile: string): string[] {
  const isRoot = process.getuid?.() === 0;
  return [
    ...['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`, '--hide-scrollbars'],
    ...['--disable-gpu', '--disable-dev-shm-usage', '--disable-extensions', '--no-first-run'],
    // Root, as in a container, has no sandbox to give.
    ...(isRoot ? ['--no-sandbox'] : []),
  ];
}

type Answer = { readonly [name: string]: unknown };

interface Pipe {
  /** Asks the browser, or the page of a session. */
  ask(method: string, params?: object, session?: string): Promise<Answer>;
  /** Resolves at the next event of that name, or after a while without it. */
  hear(event: string, session: string, withinMs: number): Promise<void>;
}

async function takePicture(pipe: Pipe, { file, width, scale, scheme }: Shot): Promise<Buffer> {
  const { targetId } = await pipe.ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await pipe.ask('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const metrics = { width, height: 400, deviceScaleFactor: scale, mobile: false };
  await pipe.ask('Emulation.setDeviceMetricsOverride', metrics, session);
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await pipe.ask('Emulation.setEmulatedMedia', { features }, session);
  await pipe.ask('Page.enable', {}, session);
  // A picture on a server that does not answer is not waited for without end.
  const loaded = pipe.hear('Page.loadEventFired', session, 10_000);
  await pipe.ask('Page.navigate', { url: pathToFileURL(file).href }, session);
  await loaded;
  const { cssContentSize } = await pipe.ask('Page.getLayoutMetrics', {}, session);
  const { height } = cssContentSize as { height: number };
  const clip = { x: 0, y: 0, width, height: Math.min(Math.ceil(height), highest), scale: 1 };
  const shot = { format: 'png', captureBeyondViewport: true, clip };
  const { data } = await pipe.ask('Page.captureScreenshot', shot, session);
  await pipe.ask('Target.closeTarget', { targetId });
  return Buffer.from(String(data), 'base64');
}

/** The protocol of Chromium's developer tools: JSON with a zero byte after each message, on descriptors 3 and 4. */
function openPipe(browser: ChildProcess): Pipe {
  const [, , , into, from] = browser.stdio as [unknown, unknown, unknown, Writable, Readable];
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  const hearing = new Map<string, () => void>();
  let last = 0;
  let rest = '';
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  browser.once('error', fail);
  browser.once('exit', () => fail(new Error('Chromium ended before it had taken its pictures')));
  into.on('error', fail);
  from.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (rest + chunk).split('\0');
    rest = messages.pop() ?? '';
    for (const text of messages) read(JSON.parse(text));
  });
  function read({ id, result, error, method, sessionId }: Answer): void {
    if (typeof id !== 'number') {
      hearing.get(`${sessionId} ${method}`)?.();
      return;
    }
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve((result ?? {}) as Answer);
    else asked?.reject(new Error(`Chromium: ${String((error as Answer).message)}`));
  }
  return {
    ask: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        last += 1;
        const timer = setTimeout(() => reject(new Error(`Chromium does not answer ${method}`)), patienceMs);
        const done = () => clearTimeout(timer);
        waiting.set(last, {
          resolve: (answer) => {
            done();
            resolve(answer);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
        into.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
      }),
    hear: (event, session, withinMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        hearing.set(`${session} ${event}`, () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  };
}

// Headless Chromium for the tests of pages. Where it is not installed they are skipped, and say so loudly: a green run
// without them proves less.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Where it is; null: not here. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path)) ?? null;

if (chromiumPath === null)
  console.warn(
    '\n*** NO CHROMIUM: the tests of pages in a browser are SKIPPED. Install it (apt-get install chromium) or set CHROMIUM. ***\n',
  );

export async function openBrowser() {
  if (chromiumPath === null) throw new Error('there is no Chromium');
  // Root, as in a container, has no sandbox to give; /dev/shm may be 64 MB there.
  return chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
}

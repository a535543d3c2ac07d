import type { BrowserServer } from 'playwright-core';
import type { Server } from './server';

/** Stops browser and server. What the server warned of is shown: a visit should give it no reason to. */
export default async function globalTeardown(): Promise<void> {
  const { browserRun } = globalThis as { browserRun?: { browser: BrowserServer; server: Server } };
  await browserRun?.browser.close();
  await browserRun?.server.stop();
  const warnings =
    browserRun?.server
      .said()
      .split('\n')
      .filter((line) => line.startsWith('{')) ?? [];
  if (warnings.length > 0) console.warn(`The server warned:\n${warnings.slice(0, 20).join('\n')}`);
}

import { chromium } from 'playwright-core';
import { startServer } from './server';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** One server and one browser with a fresh profile for the run. Each test has a window (context) of its own in it. */
export default async function globalSetup(): Promise<void> {
  const browser = await chromium.launchServer({
    executablePath: CHROMIUM,
    host: '127.0.0.1',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const server = await startServer().catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  process.env.TIXLINE_URL = server.url;
  process.env.BROWSER_ENDPOINT = browser.wsEndpoint();
  Object.assign(globalThis, { browserRun: { browser, server } });
}

import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { BASE, type Person } from './api';

export interface Stage {
  /** Opens `path` in a window of its own, signed in as somebody if wanted. */
  visit(path: string, as?: Person, options?: BrowserContextOptions): Promise<Page>;
}

/** A browser for the tests of a file. Windows are closed after each test, and a script that threw in one fails it. */
export function useBrowser(): Stage {
  let browser: Browser;
  let windows: BrowserContext[] = [];
  let thrown: string[] = [];

  beforeAll(async () => {
    browser = await chromium.connect(process.env.BROWSER_ENDPOINT!);
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await Promise.all(windows.map((window) => window.close()));
    const faults = thrown;
    windows = [];
    thrown = [];
    expect(faults).toEqual([]);
  });

  return {
    async visit(path, as, options = {}) {
      const window = await browser.newContext({
        baseURL: BASE,
        viewport: { width: 390, height: 844 },
        locale: 'en-GB',
        ...(as && { storageState: SIGNED_IN }),
        ...options,
      });
      windows.push(window);
      window.setDefaultTimeout(10_000);
      window.on('weberror', (error) => thrown.push(String(error.error())));
      // The cookie that a sign-in leaves; the page trades it for a token, as after a reload.
      if (as !== undefined)
        await window.request.post('/api/auth/login', { data: { email: as.email, password: as.password } });
      const page = await window.newPage();
      await page.goto(path);
      return page;
    },
  };
}

/** What the client leaves in the browser when somebody has signed in. */
const SIGNED_IN = {
  cookies: [],
  origins: [{ origin: BASE, localStorage: [{ name: 'tixline.signed-in', value: '1' }] }],
};

/** Signs in on the page that asks for it. */
export async function fillSignIn(page: Page, who: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel('Password', { exact: true }).fill(who.password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
}

/** The number that the waiting page shows as the place in line. */
export async function shownPlace(page: Page): Promise<number> {
  const place = page
    .getByRole('heading', { name: 'Your place in line' })
    .locator('xpath=following-sibling::*[1]');
  return Number((await place.innerText()).replaceAll(',', ''));
}

/** Waits until a thing is seen on the page. */
export const seen = (thing: ReturnType<Page['locator']>, timeout?: number) =>
  thing.waitFor({ state: 'visible', ...(timeout !== undefined && { timeout }) });

/** Waits until a thing is seen no longer. */
export const gone = (thing: ReturnType<Page['locator']>) => thing.waitFor({ state: 'hidden' });

import { BASE, admin } from './support/api';
import { startServer, type Server } from './support/server';
import { seen, useBrowser } from './support/stage';

const WIDE = { width: 1280, height: 900 };

describe('the links to the API reference', () => {
  const stage = useBrowser();
  let without: Server;
  beforeAll(async () => {
    without = await startServer({ DOCS: 'off' });
  }, 60_000);
  afterAll(() => without.stop());

  it.each([true, false])('are there when it is: %s', async (there) => {
    const origin = there ? BASE : without.url;
    const page = await stage.visit(`${origin}/`, await admin(), {
      viewport: WIDE,
      baseURL: origin,
      storageState: {
        cookies: [],
        origins: [{ origin, localStorage: [{ name: 'tixline.signed-in', value: '1' }] }],
      },
    });
    const menu = page.getByRole('navigation', { name: 'Main' });
    // Beside it in the menu, so that it is known to be drawn.
    await seen(menu.getByRole('link', { name: 'Queues' }));
    expect(await menu.getByRole('link', { name: 'API' }).count()).toBe(there ? 1 : 0);
    expect(await page.getByRole('link', { name: 'For developers' }).count()).toBe(there ? 1 : 0);
    expect((await page.request.get('/docs')).status()).toBe(there ? 200 : 404);
  });
});

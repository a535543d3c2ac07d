import { json } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { ask, call, newEvent, newPerson, ordersOf, standingOf, type Person } from './support/api';
import { eventually } from '../support/eventually';
import { faultsOf } from './support/examine';
import { seen, useBrowser } from './support/stage';

describe('a person takes their data and leaves', () => {
  const stage = useBrowser();
  const visit = (as: Person) =>
    stage.visit('/account', as, { reducedMotion: 'reduce', acceptDownloads: true });
  const open = (page: Page) => page.getByRole('main').getByRole('button', { name: 'Delete my account' });
  const confirm = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Delete my account' });

  it('the page is accessible, and so is the question before they go', async () => {
    const page = await visit(await newPerson());
    await seen(page.getByRole('heading', { name: 'Your data' }));
    expect(await faultsOf(page, 'your-data')).toEqual([]);
    await open(page).click();
    await page.getByLabel('Your password').fill('wrong password');
    await confirm(page).click();
    await seen(page.getByText('Password is wrong'));
    expect(await faultsOf(page, 'delete-account')).toEqual([]);
  });

  it('the menu leads there, and the file holds what they asked for', async () => {
    const me = await newPerson();
    const { id } = await newEvent({ regular: 5 }, { name: 'Autumn Strings' });
    const { request_id } = await ask(me, id);
    const page = await stage.visit('/', me);
    await page.getByRole('button', { name: /menu$/ }).click();
    await page.getByRole('menuitem', { name: 'Your data' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download my data' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('tixline-data.json');
    await seen(page.getByText('Downloaded: tixline-data.json.'));
    const data = (await json(await download.createReadStream())) as {
      account: { email: string };
      requests: { request_id: string }[];
    };
    expect([data.account.email, data.requests[0]!.request_id]).toEqual([me.email, request_id]);
  });

  it('by the keyboard alone: Escape keeps the account, a wrong password is told, the right one ends it', async () => {
    const me = await newPerson();
    const { id } = await newEvent({ regular: 5 }, { name: 'Autumn Strings' });
    const { request_id } = await ask(me, id);
    await eventually(async () => expect((await standingOf(me, request_id)).status).toBe('granted'));
    const page = await visit(me);
    await open(page).focus();
    await page.keyboard.press('Enter');
    const password = page.getByLabel('Your password');
    await eventually(async () =>
      expect(await password.evaluate((it) => it === document.activeElement)).toBe(true),
    );
    await page.keyboard.press('Escape');
    await password.waitFor({ state: 'hidden' });
    await eventually(async () =>
      expect(await open(page).evaluate((it) => it === document.activeElement)).toBe(true),
    );
    expect(await ordersOf(me)).toHaveLength(1);

    await page.keyboard.press('Enter');
    await seen(password);
    await eventually(async () =>
      expect(await password.evaluate((it) => it === document.activeElement)).toBe(true),
    );
    await page.keyboard.type('wrong password');
    await page.keyboard.press('Enter');
    await seen(page.getByText('Password is wrong'));
    expect(await password.evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.type(me.password);
    await page.keyboard.press('Enter');
    await seen(page.getByText('Your account is deleted.'));
    await seen(page.getByRole('link', { name: 'Sign in' }));
    await expect(call('GET', '/api/me', me)).rejects.toThrow();
    await expect(
      call('POST', '/api/auth/login', undefined, { email: me.email, password: me.password }),
    ).rejects.toThrow();
  });
});

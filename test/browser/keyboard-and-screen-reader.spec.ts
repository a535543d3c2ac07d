import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import { ask, crowd, newEvent, newPerson, ordersOf, steer } from './support/api';
import { focused, headingFaults, tabTo } from './support/structure';
import { gone, seen, useBrowser } from './support/stage';

describe('by keyboard and with a screen reader', () => {
  const stage = useBrowser();

  const titleIs = (page: Page, title: string | RegExp) =>
    eventually(async () => expect(await page.title()).toMatch(title), 10_000);
  const press = (page: Page, key: string) => page.keyboard.press(key);

  it('a ticket is bought and given back by keys alone, the focus always visible', async () => {
    const event = await newEvent({ vip: 5, regular: 10 });
    await steer(event.id, { paused: true });
    const buyer = await newPerson();
    const page = await stage.visit('/', undefined, { viewport: { width: 1280, height: 900 } });
    await titleIs(page, 'Events · Tixline');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');

    await seen(page.getByRole('link', { name: event.name }));
    await tabTo(page, page.getByRole('link', { name: 'Skip to the page' }));
    await press(page, 'Enter');
    expect((await focused(page)).what).toMatch(/^main/);
    await tabTo(page, page.getByRole('searchbox', { name: 'Search events' }));
    await page.keyboard.type(event.name);
    await eventually(async () =>
      expect(await page.getByRole('status').allInnerTexts()).toContain('1 event found'),
    );
    await tabTo(page, page.getByRole('link', { name: event.name }));
    await press(page, 'Enter');

    await titleIs(page, `${event.name} · Tixline`);
    expect(await headingFaults(page)).toEqual([]);
    await tabTo(page, page.getByRole('radio', { name: /^VIP/ }));
    await press(page, 'ArrowDown');
    await eventually(async () =>
      expect(await page.getByRole('radio', { name: /^Regular/ }).getAttribute('aria-checked')).toBe('true'),
    );
    await tabTo(page, page.getByRole('button', { name: 'One ticket more' }));
    await press(page, 'Enter');
    await tabTo(page, page.getByRole('button', { name: 'Sign in and ask for 2 Regular tickets' }));
    await press(page, 'Enter');

    await titleIs(page, 'Sign in · Tixline');
    // Ready to type, without a way there.
    await eventually(async () => expect((await focused(page)).what).toMatch(/^input/));
    await page.keyboard.type(buyer.email);
    await tabTo(page, page.getByLabel('Password', { exact: true }));
    await page.keyboard.type('not the password');
    await press(page, 'Enter');
    await seen(page.getByRole('alert').getByText('E-mail or password is wrong.'));
    await page.getByLabel('Password', { exact: true }).focus();
    await page.keyboard.type(buyer.password);
    await press(page, 'Enter');

    await tabTo(page, page.getByRole('button', { name: 'Ask for 2 Regular tickets' }));
    await press(page, 'Enter');
    await titleIs(page, `1 in line · ${event.name}`);
    expect(await headingFaults(page)).toEqual([]);
    await steer(event.id, { paused: false });
    await titleIs(page, `✓ The tickets are yours · ${event.name}`);

    await tabTo(page, page.getByRole('link', { name: 'My tickets' }).last());
    await press(page, 'Enter');
    await titleIs(page, 'My tickets · Tixline');
    const [order] = await ordersOf(buyer);
    const large = page.getByRole('button', { name: `Show the QR code of ${order!.tickets[0]!.code} large` });
    await tabTo(page, large);
    await press(page, 'Enter');
    await seen(page.getByRole('dialog').getByRole('img'));
    await press(page, 'Escape');
    await gone(page.getByRole('dialog'));
    // Back where one was.
    await eventually(async () =>
      expect(await large.evaluate((it) => it === document.activeElement)).toBe(true),
    );

    await tabTo(page, page.getByRole('button', { name: 'Cancel this order' }));
    await press(page, 'Enter');
    const keep = page.getByRole('button', { name: 'Keep the tickets' });
    await eventually(async () =>
      expect(await keep.evaluate((it) => it === document.activeElement)).toBe(true),
    );
    await press(page, 'Tab');
    await press(page, 'Enter');
    await eventually(async () => expect((await ordersOf(buyer))[0]!.status).toBe('cancelled'));
  });

  it('the menu opens, is walked and left by keys', async () => {
    const page = await stage.visit('/', await newPerson());
    const menu = page.getByRole('button', { name: /^Ada\s?, menu$/ });
    await tabTo(page, menu);
    await press(page, 'Enter');
    await seen(page.getByRole('menuitem', { name: 'My tickets' }));
    await press(page, 'Escape');
    await gone(page.getByRole('menuitem', { name: 'My tickets' }));
    await eventually(async () =>
      expect(await menu.evaluate((it) => it === document.activeElement)).toBe(true),
    );
  });

  it('the waiting page has one polite live region, which tells the outcome at once', async () => {
    const event = await newEvent({ vip: 5, regular: 3 });
    await steer(event.id, { paused: true });
    await crowd(event.id, 3);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await titleIs(page, `4 in line · ${event.name}`);

    const region = page.getByRole('main').locator('[aria-live]');
    expect(await region.count()).toBe(1);
    expect(await region.getAttribute('aria-live')).toBe('polite');
    await eventually(async () =>
      expect(await region.textContent()).toBe('Your place is 4. 3 requests are ahead of you.'),
    );
    // A change of place is not read out at once again: no more than one announcement in 15 seconds.
    await crowd(event.id, 2, 'VIP');
    await titleIs(page, `6 in line · ${event.name}`);
    expect(await region.textContent()).toBe('Your place is 4. 3 requests are ahead of you.');

    await steer(event.id, { paused: false });
    await titleIs(page, `✗ Sold out while you waited · ${event.name}`);
    await eventually(async () =>
      expect(await region.textContent()).toBe(`Sold out while you waited. ${event.name}.`),
    );
    expect(await headingFaults(page)).toEqual([]);
  });
});

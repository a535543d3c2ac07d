import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import { admin, call, crowd, leftOf, steer } from './support/api';
import { fillSignIn, gone, seen, useBrowser } from './support/stage';

describe('an organiser runs a sale from the console', () => {
  const stage = useBrowser();
  const WIDE = { viewport: { width: 1280, height: 900 } };
  const name = `Gala ${Date.now().toString(36)}`;

  const lineOf = (id: number) =>
    call<{ paused: boolean; pace: number | null; regular: { waiting: number } }>(
      'GET',
      `/api/events/${id}/line`,
    );
  const waitingIs = (page: Page, count: number) =>
    seen(page.getByRole('region', { name: 'Line' }).getByText(String(count), { exact: true }).first());

  async function makeEvent(page: Page): Promise<number> {
    await page.getByRole('link', { name: 'New event' }).click();
    await page.getByLabel('Name').first().fill(name);
    await page.getByLabel('Place').fill('Town Hall');
    await page.getByRole('button', { name: 'Create as draft' }).click();
    await seen(page.getByText('Say when it begins'));
    // The button is far below: the field that is wrong comes into sight, with the keyboard in it.
    await eventually(async () =>
      expect(await page.getByLabel('Begins').evaluate((it) => it === document.activeElement)).toBe(true),
    );
    await page.getByLabel('Begins').fill('2030-05-01T19:30');
    const vip = page.getByRole('group', { name: 'VIP, who go first' });
    await vip.getByLabel('Price, EUR').fill('120');
    const regular = page.getByRole('group', { name: 'Regular' });
    await regular.getByLabel('Seats').fill('');
    await regular.getByLabel('Price, EUR').fill('45.50');
    await page.getByRole('button', { name: 'Create as draft' }).click();
    await seen(page.getByText('Say how many there are'));
    await regular.getByLabel('Seats').fill('30');
    await page.getByRole('button', { name: 'Create as draft' }).click();
    await seen(page.getByRole('heading', { level: 1, name }));
    return Number(/\/manage\/events\/(\d+)$/.exec(page.url())![1]);
  }

  it('makes an event, opens it, steers its line, and closes it', async () => {
    const boss = await admin();
    const page = await stage.visit('/manage', undefined, WIDE);
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await fillSignIn(page, boss);
    const id = await makeEvent(page);
    await seen(page.getByText('Draft', { exact: true }));
    await expect(call('GET', `/api/events/${id}`)).rejects.toThrow('404');

    await page.getByRole('button', { name: 'Open the event' }).click();
    await seen(page.getByText('The event is open.'));
    expect(await call('GET', `/api/events/${id}`)).toMatchObject({
      name,
      venue: 'Town Hall',
      state: 'open',
      ticket_types: [
        { tier: 'VIP', capacity: 20, price_cents: 12_000 },
        { tier: 'Regular', capacity: 30, price_cents: 4_550 },
      ],
    });

    await page.getByRole('button', { name: 'Pause the line' }).click();
    await seen(page.getByText('Nobody is served'));
    await eventually(async () => expect((await lineOf(id)).paused).toBe(true));
    await crowd(id, 3);
    await waitingIs(page, 3);

    const pace = page.getByRole('region', { name: 'Line' }).getByLabel('Pace, requests per second');
    await pace.fill('0');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await seen(page.getByText('Must not be less than 1'));
    await pace.fill('50');
    await page.getByRole('button', { name: 'Set', exact: true }).click();
    await seen(page.getByText('Now: 50. Empty: as fast as it goes'));
    expect(await lineOf(id)).toMatchObject({ pace: 50, paused: true, regular: { waiting: 3 } });
    await page.getByRole('button', { name: 'Resume the line' }).click();
    await gone(page.getByText('Nobody is served'));
    await waitingIs(page, 0);
    await eventually(async () => expect(await leftOf(id)).toMatchObject({ regular_left: 27 }));

    const sold = page.getByRole('region', { name: 'Sold' });
    await seen(sold.getByText('3 of 50'));
    await seen(sold.getByText('€136.50').first());
    await seen(page.getByText('3 sold: no fewer than that'));

    await steer(id, { paused: true });
    await crowd(id, 2);
    await page.getByRole('button', { name: 'Close the sale' }).click();
    const question = page.getByRole('dialog', { name: `Close the sale of ${name}?` });
    await seen(question.getByText(/^2 requests that still wait will be refused with “sale closed”\./));
    await question.getByRole('button', { name: 'Close the sale' }).click();
    await seen(page.getByText('The sale is closed.'));
    await seen(page.getByText('Sale closed', { exact: true }));
    expect(await call('GET', `/api/events/${id}`)).toMatchObject({ state: 'closed' });
    await page.getByRole('link', { name: 'Your events' }).click();
    await seen(page.getByRole('row', { name: new RegExp(`${name}.*Sale closed.*3 of 50`) }));
  });

  it('is told in words why there cannot be fewer seats than are sold, and nothing changes', async () => {
    const boss = await admin();
    const types = [{ name: 'Regular', tier: 'Regular', capacity: 10 }];
    const body = { name: 'Small hall', starts_at: '2030-05-01T18:00:00Z', ticket_types: types };
    const { id } = await call<{ id: number }>('POST', '/api/events', boss, body);
    await call('POST', `/api/events/${id}/open`, boss);
    await crowd(id, 4);
    await eventually(async () => expect((await leftOf(id)).regular_left).toBe(6));

    const page = await stage.visit(`/manage/events/${id}`, boss, WIDE);
    await seen(page.getByText('4 sold: no fewer than that'));
    const seats = page.getByLabel('Seats');
    await seats.fill('3');
    await page.getByRole('button', { name: 'Save Regular' }).click();
    await seen(page.getByText('More is sold than that'));
    await seen(page.getByText('4 are sold: the capacity must be 4 or more.'));
    expect(await call('GET', `/api/events/${id}`)).toMatchObject({ ticket_types: [{ capacity: 10 }] });

    await seats.fill('12');
    await page.getByRole('button', { name: 'Save Regular' }).click();
    await seen(page.getByText('Saved.'));
    await eventually(async () => expect(await leftOf(id)).toMatchObject({ regular_left: 8 }));
  });

  it('does not save over what somebody else has changed meanwhile', async () => {
    const boss = await admin();
    const types = [{ name: 'Regular', tier: 'Regular', capacity: 10 }];
    const body = { name: 'Two at work', starts_at: '2030-05-01T18:00:00Z', ticket_types: types };
    const { id } = await call<{ id: number }>('POST', '/api/events', boss, body);
    const page = await stage.visit(`/manage/events/${id}`, boss, WIDE);
    await page.getByLabel('Place').fill('Here');
    await call('PATCH', `/api/events/${id}`, boss, { venue: 'There' });
    await page.getByRole('button', { name: 'Save the event' }).click();
    await seen(page.getByText('Somebody else changed it'));
    expect(await call('GET', `/api/events/mine/${id}`, boss)).toMatchObject({ venue: 'There' });
  });
});

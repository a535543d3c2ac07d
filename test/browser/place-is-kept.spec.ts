import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import {
  ask,
  crowd,
  leftOf,
  newEvent,
  newPerson,
  requestsOf,
  standingOf,
  steer,
  type Person,
} from './support/api';
import { fillSignIn, gone, seen, shownPlace, useBrowser } from './support/stage';

describe('a place in line is kept', () => {
  const stage = useBrowser();

  async function pausedLine(ahead: number): Promise<{ id: number; name: string }> {
    const event = await newEvent({ vip: 20, regular: 50 });
    await steer(event.id, { paused: true });
    await crowd(event.id, ahead);
    return event;
  }

  const shows = (page: Page, place: number) =>
    eventually(async () => expect(await shownPlace(page)).toBe(place), 10_000);

  async function signOut(page: Page, who: Person): Promise<void> {
    await page.getByRole('button', { name: new RegExp(`^${who.name}\\s?, menu$`) }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await seen(page.getByText('You are signed out. Your place in line is kept; sign in again to see it.'));
  }

  it('shows the same place after a refresh, in a second tab, on another device and after signing out and in', async () => {
    const event = await pausedLine(7);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const { position } = await standingOf(me, id);
    expect(position).toBe(8);

    const page = await stage.visit(`/requests/${id}`, me);
    await shows(page, 8);
    await seen(page.getByText('7 requests are ahead of you.', { exact: true }));
    await page.reload();
    await shows(page, 8);

    const tab = await page.context().newPage();
    await tab.goto('/tickets');
    await tab.getByRole('link', { name: new RegExp(event.name) }).click();
    await shows(tab, 8);
    expect(new URL(tab.url()).pathname).toBe(`/requests/${id}`);

    const phone = await stage.visit(`/requests/${id}`);
    await phone.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await fillSignIn(phone, me);
    await shows(phone, 8);
    expect(new URL(phone.url()).pathname).toBe(`/requests/${id}`);

    await signOut(page, me);
    // The second tab of the same browser is signed out with it: whoever comes next sees nobody's place.
    await seen(tab.getByRole('heading', { name: 'Sign in to see this page' }));
    await page.goto(`/requests/${id}`);
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await fillSignIn(page, me);
    await shows(page, 8);
    await shows(phone, 8);
    expect((await standingOf(me, id)).position).toBe(8);
  });

  it('is not shown to anybody else', async () => {
    const event = await pausedLine(1);
    const { request_id: id } = await ask(await newPerson(), event.id);
    const page = await stage.visit(`/requests/${id}`, await newPerson('Eve'));
    await seen(page.getByRole('heading', { level: 1, name: 'There is no such request' }));
  });

  it('moves back only for VIPs who join, and says so', async () => {
    const event = await pausedLine(5);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await shows(page, 6);
    await seen(page.getByText('No VIP requests among them.'));

    await crowd(event.id, 1);
    await crowd(event.id, 3, 'VIP');
    await shows(page, 9);
    expect(await standingOf(me, id)).toMatchObject({ position: 9, vip_ahead: 3 });
    await seen(page.getByText('3 of them are VIP requests, which go first.'));
    await seen(page.getByText('3 VIP requests have just come and go first, so your place moved back.'));
    // What the page says of the pause must be true as well.
    expect(await page.getByText('nobody passes you').count()).toBe(0);
  });

  it('is given up only after a time to think again, and then for good', async () => {
    const event = await pausedLine(2);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await shows(page, 3);

    await page.getByRole('button', { name: 'Leave the line' }).click();
    const undo = page.getByRole('button', { name: 'Undo: stay in line' });
    await seen(page.getByText(/^You leave the line in \d seconds$/));
    await undo.click();
    await gone(undo);
    expect((await standingOf(me, id)).status).toBe('queued');
    await shows(page, 3);

    await page.getByRole('button', { name: 'Leave the line' }).click();
    await seen(page.getByRole('heading', { name: 'You left the line' }), 15_000);
    await eventually(async () => expect(await page.title()).toMatch(/^✗ You left the line/));
    expect(await standingOf(me, id)).toMatchObject({ status: 'cancelled', position: null });
    await page.getByRole('link', { name: 'Back to the event' }).click();
    await seen(page.getByRole('heading', { level: 1, name: event.name }));
    expect(await leftOf(event.id)).toMatchObject({ regular_left: 50 });
    expect(await requestsOf(me)).toHaveLength(1);
  });

  const AWAYS: Record<string, (page: Page) => Promise<unknown>> = {
    'to another page': (page) => page.getByRole('link', { name: 'Tixline, all events' }).click(),
    'to another site': (page) => page.goto('about:blank'),
    'by closing the page': (page) => page.close({ runBeforeUnload: true }),
  };
  it.each(Object.keys(AWAYS))('is given up by who goes away %s while leaving', async (away) => {
    const event = await pausedLine(1);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await shows(page, 2);
    await page.getByRole('button', { name: 'Leave the line' }).click();
    await seen(page.getByText(/you leave at once/));
    await AWAYS[away]!(page);
    await eventually(async () => expect((await standingOf(me, id)).status).toBe('cancelled'));
  });

  it('is not given up by who goes away after thinking again, and shows on the start page', async () => {
    const event = await pausedLine(1);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await shows(page, 2);
    await page.getByRole('button', { name: 'Leave the line' }).click();
    await page.getByRole('button', { name: 'Undo: stay in line' }).click();
    await page.getByRole('link', { name: 'Tixline, all events' }).click();
    const place = page.getByRole('region', { name: 'You are in line' }).getByRole('link');
    await seen(place.getByText(event.name));
    await place.click();
    await shows(page, 2);
    expect((await standingOf(me, id)).status).toBe('queued');
  });
});

import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import {
  admin,
  ask,
  call,
  crowd,
  leftOf,
  newEvent,
  newPerson,
  standingOf,
  steer,
  type Person,
} from './support/api';
import { gone, seen, shownPlace, useBrowser } from './support/stage';

describe('the line moves on the page by itself', () => {
  const stage = useBrowser();
  const ARRIVED = 25;

  /** Somebody who waits behind others in a line that goes on at `pace` once it is resumed. */
  async function waiting(pace: number): Promise<{ event: number; me: Person; id: string }> {
    const { id: event } = await newEvent({ vip: 20, regular: 200 }, { max_per_buyer: 100 });
    await steer(event, { paused: true, pace });
    await crowd(event, ARRIVED - 1);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event);
    return { event, me, id };
  }

  /** Notes every place the page shows from now on. A reload would lose the notes. */
  const watch = (page: Page) =>
    page.evaluate(() => {
      const notes: number[] = [];
      const look = () => {
        const heading = [...document.querySelectorAll('h2')].find(
          (h2) => h2.textContent === 'Your place in line',
        );
        const place = Number(heading?.nextElementSibling?.textContent);
        if (heading !== undefined && notes.at(-1) !== place) notes.push(place);
      };
      look();
      new MutationObserver(look).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      Object.assign(window, { notes });
    });
  const notesOf = (page: Page) => page.evaluate(() => (window as unknown as { notes: number[] }).notes);
  const falling = (notes: readonly number[]) => notes.every((place, i) => i === 0 || place < notes[i - 1]!);
  const below = (page: Page, place: number) =>
    eventually(async () => expect(await shownPlace(page)).toBeLessThan(place), 12_000);

  it('by Server-Sent Events, without asking again', async () => {
    const { event, me, id } = await waiting(6);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByText('Live: every change shows at once.'));
    let polls = 0;
    page.on('request', (request) => (polls += request.url().includes('/api/queue/position') ? 1 : 0));
    await watch(page);
    await steer(event, { paused: false });
    await seen(page.getByText('The tickets are yours').last(), 20_000);

    const notes = await notesOf(page);
    expect(notes[0]).toBe(ARRIVED);
    expect(falling(notes)).toBe(true);
    expect(notes.length).toBeGreaterThanOrEqual(5);
    // The outcome may be asked for once when the public line shows first that we were passed.
    expect(polls).toBeLessThanOrEqual(1);
  });

  it('by polling when the stream does not get through', async () => {
    const { event, me, id } = await waiting(3);
    const page = await stage.visit('/', me);
    await page.route('**/api/ticket-requests/*/events', (route) => route.abort());
    await page.goto(`/requests/${id}`);
    await seen(page.getByText(/^Updated /));
    expect(await shownPlace(page)).toBe(ARRIVED);
    await watch(page);
    await steer(event, { paused: false });
    await below(page, ARRIVED - 6);
    expect(falling(await notesOf(page))).toBe(true);
    const shown = await shownPlace(page);
    expect((await standingOf(me, id)).position ?? 0).toBeLessThanOrEqual(shown);
  });

  it('says when the device is offline, and goes on when it is back', async () => {
    const { event, me, id } = await waiting(3);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByText('Live: every change shows at once.'));
    await page.context().setOffline(true);
    await seen(page.getByText('What you see may be out of date; places in line and tickets are kept.'));
    await seen(page.getByText(/^These figures are from \d\d:\d\d\. Your place is kept/));
    await watch(page);
    await steer(event, { paused: false });
    await eventually(
      async () => expect((await standingOf(me, id)).position).toBeLessThan(ARRIVED - 3),
      10_000,
    );
    await page.context().setOffline(false);
    await gone(page.getByText('What you see may be out of date'));
    await below(page, ARRIVED - 3);
    expect(falling(await notesOf(page))).toBe(true);
    await seen(page.getByText('Live: every change shows at once.'));
  });

  it('shows at once that a raised capacity reaches to those who wait', async () => {
    const event = await newEvent({ regular: 5 });
    await crowd(event.id, 1);
    await ask(await newPerson(), event.id, 'Regular', 3);
    await eventually(async () => expect((await leftOf(event.id)).regular_left).toBe(1));
    await steer(event.id, { paused: true });
    await crowd(event.id, 2);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByText('Unlikely', { exact: true }));
    await seen(page.getByText('Live: every change shows at once.'));
    const boss = await admin();
    const { ticket_types: types } = await call<{ ticket_types: { id: number }[] }>(
      'GET',
      `/api/events/${event.id}`,
    );
    await call('PATCH', `/api/events/${event.id}/ticket-types/${types[0]!.id}`, boss, { capacity: 7 });
    await seen(page.getByText('Likely', { exact: true }), 3_000);
  });
});

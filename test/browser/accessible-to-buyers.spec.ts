import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import {
  admin,
  ask,
  call,
  crowd,
  doorStaff,
  newEvent,
  newPerson,
  ordersOf,
  standingOf,
  steer,
  type Person,
} from './support/api';
import { faultsOf } from './support/examine';
import { seen, useBrowser } from './support/stage';

describe('every page of a buyer is accessible, light and dark, on phone and desktop', () => {
  const stage = useBrowser();
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

  const visit = (path: string, as?: Person) => stage.visit(path, as, { reducedMotion: 'reduce' });
  const settled = (who: Person, id: string) =>
    eventually(async () => expect((await standingOf(who, id)).status).not.toBe('queued'));

  /** Somebody who waits with these many ahead, in a line that moves by one a second or stands still. */
  async function waiting(ahead: { regular: number; vip?: number }, paused = false): Promise<Page> {
    const event = await newEvent(
      { vip: 300, regular: 2_700 },
      { name: 'Autumn Strings', max_per_buyer: 100 },
    );
    await steer(event.id, { paused: true, pace: 1 });
    await crowd(event.id, ahead.regular);
    await crowd(event.id, ahead.vip ?? 0, 'VIP');
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id, 'Regular', 2);
    if (!paused) await steer(event.id, { paused: false });
    const page = await visit(`/requests/${id}`, me);
    await seen(page.getByText('Your place is kept. You may close this page.'));
    await seen(page.getByText(paused ? 'The organiser has paused the line' : /^Live:/));
    return page;
  }

  /** Somebody whose request is settled, on its page. */
  async function outcome(seats: number, step?: (me: Person, id: string) => Promise<unknown>): Promise<Page> {
    const event = await newEvent({ vip: 5, regular: seats }, { name: 'Autumn Strings' });
    const me = await newPerson();
    if (step !== undefined) await steer(event.id, { paused: true });
    const { request_id: id } = await ask(me, event.id, 'Regular', 2);
    await step?.(me, id);
    await settled(me, id);
    return visit(`/requests/${id}`, me);
  }

  /** Somebody with a valid ticket, a used one and one given back. */
  async function tickets(): Promise<Page> {
    const event = await newEvent({ vip: 5, regular: 10 }, { name: 'Autumn Strings' });
    const me = await newPerson();
    for (const tier of ['Regular', 'Regular', 'VIP'] as const) {
      const { request_id: id } = await ask(me, event.id, tier);
      await settled(me, id);
    }
    const [, used, back] = await ordersOf(me);
    await call('POST', `/api/tickets/checkin/${used!.tickets[0]!.qr_token}`, await doorStaff());
    await call('POST', `/api/orders/${back!.id}/cancel`, me);
    const page = await visit('/tickets', me);
    await seen(page.getByRole('img', { name: /^QR code/ }));
    return page;
  }

  const SCENES: Record<string, () => Promise<Page>> = {
    events: async () => {
      await newEvent({ regular: 0 }, { name: 'A night long sold out' });
      await newEvent({ regular: 10 }, { name: 'A night to come', sale_opens_at: inHours(30) });
      const page = await visit('/');
      await seen(page.getByRole('link', { name: 'Demo Event' }));
      return page;
    },
    'events-none-found': async () => {
      const page = await visit('/?q=no+such+night');
      await seen(page.getByText(/^Nothing found for/));
      return page;
    },
    event: async () => {
      const event = await newEvent(
        { vip: 20, regular: 80 },
        { name: 'Autumn Strings', description: 'An evening.' },
      );
      await steer(event.id, { paused: true });
      const me = await newPerson();
      await ask(me, event.id);
      const page = await visit(`/events/${event.id}`, me);
      await seen(page.getByText('You are in this line already'));
      return page;
    },
    'event-opens-later': async () => {
      const { id } = await newEvent({ vip: 20, regular: 80 }, { sale_opens_at: inHours(30) });
      const page = await visit(`/events/${id}`);
      await seen(page.getByRole('timer'));
      return page;
    },
    'event-sold-out': async () => {
      const { id } = await newEvent({ vip: 0, regular: 0 });
      const page = await visit(`/events/${id}`);
      await seen(page.getByText(/^Everything is taken\./));
      return page;
    },
    'sign-in': async () => {
      const page = await visit('/sign-in');
      await page.getByLabel('E-mail').fill('nobody@example.org');
      await page.getByLabel('Password', { exact: true }).fill('wrong password');
      await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
      await seen(page.getByText('That does not match'));
      return page;
    },
    'sign-up': async () => {
      const page = await visit('/sign-up');
      await page.getByRole('button', { name: 'Create account' }).click();
      await seen(page.getByText('Use 8 characters or more'));
      return page;
    },
    'sign-in-first': () => visit('/tickets'),
    waiting: () => waiting({ regular: 340, vip: 60 }),
    'waiting-paused': () => waiting({ regular: 3 }, true),
    'waiting-leaving': async () => {
      const page = await waiting({ regular: 3 }, true);
      // The countdown stands still, so that the page can be looked at.
      await page.evaluate(() => {
        const real = window.setTimeout.bind(window);
        const still = (work: TimerHandler, ms?: number) => (ms === 1_000 ? 0 : real(work, ms));
        Object.assign(window, { setTimeout: still });
      });
      await page.getByRole('button', { name: 'Leave the line' }).click();
      await seen(page.getByText(/^You leave the line in/));
      return page;
    },
    'outcome-granted': async () => {
      const page = await outcome(10);
      await seen(page.getByRole('img', { name: /^QR code/ }).first());
      return page;
    },
    'outcome-sold-out': async () => {
      const page = await outcome(1);
      await seen(page.getByRole('link', { name: 'Ask for 1 Regular ticket' }));
      return page;
    },
    'outcome-limit': async () => {
      const page = await outcome(10, async (me, id) => {
        await ask(me, Number.parseInt(id.slice(0, 6), 16), 'VIP', 3);
        await steer(Number.parseInt(id.slice(0, 6), 16), { paused: false });
      });
      await seen(page.getByText('You can still ask for 1.'));
      return page;
    },
    'outcome-left': async () => {
      const page = await outcome(10, (me, id) => call('DELETE', `/api/ticket-requests/${id}`, me));
      await seen(page.getByRole('heading', { name: 'You left the line' }));
      return page;
    },
    tickets,
    'event-elsewhere': async () => {
      const event = await newEvent(
        { vip: 20, regular: 3 },
        { name: 'Autumn Strings', time_zone: 'Asia/Tokyo', ends_at: inHours(41 * 24) },
      );
      await steer(event.id, { paused: true });
      const page = await visit(`/events/${event.id}?quantity=4`);
      await seen(page.getByText('Only 3 Regular tickets left.'));
      await seen(page.getByText(/^The organiser has paused/));
      return page;
    },
    'event-offline': async () => {
      const event = await newEvent({ vip: 20, regular: 80 }, { name: 'Autumn Strings' });
      const page = await visit(`/events/${event.id}`, await newPerson());
      await page.getByRole('radio', { name: /^Regular/ }).waitFor();
      await page.context().setOffline(true);
      await page.getByRole('button', { name: /^Ask for/ }).click();
      await seen(page.getByRole('button', { name: 'Stop trying' }));
      return page;
    },
    'waiting-offline': async () => {
      const page = await waiting({ regular: 3 }, true);
      await page.context().setOffline(true);
      await seen(page.getByText(/^These figures are from/));
      return page;
    },
    'waiting-over-limit': async () => {
      const event = await newEvent({ vip: 5, regular: 10 }, { name: 'Autumn Strings' });
      await steer(event.id, { paused: true });
      const me = await newPerson();
      await ask(me, event.id, 'VIP');
      const { request_id: id } = await ask(me, event.id, 'Regular', 4);
      const page = await visit(`/requests/${id}`, me);
      await seen(page.getByText(/Leave this line and ask for 3/));
      return page;
    },
    'tickets-refused': async () => {
      const event = await newEvent({ vip: 5, regular: 1 }, { name: 'Autumn Strings' });
      const me = await newPerson();
      for (const _ of [1, 2, 3, 4]) {
        const { request_id: id } = await ask(me, event.id, 'Regular', 2);
        await settled(me, id);
      }
      await steer(event.id, { paused: true });
      await ask(me, event.id, 'VIP');
      const page = await visit('/tickets', me);
      await seen(page.getByRole('button', { name: 'Show all 4' }));
      return page;
    },
    'events-in-line': async () => {
      const event = await newEvent({ regular: 10 }, { name: 'Autumn Strings' });
      await steer(event.id, { paused: true });
      const me = await newPerson();
      await ask(me, event.id, 'Regular', 2);
      const page = await visit('/?q=Autumn', me);
      await seen(page.getByRole('heading', { name: 'You are in line' }));
      return page;
    },
    'tickets-none': async () => {
      const page = await visit('/tickets', await newPerson());
      await seen(page.getByText('No tickets yet'));
      return page;
    },
    'ticket-large': async () => {
      const page = await tickets();
      await page.getByRole('button', { name: /^Show the QR code/ }).click();
      await seen(page.getByRole('dialog').getByRole('img'));
      return page;
    },
    'order-cancel': async () => {
      const page = await tickets();
      await page.getByRole('button', { name: 'Cancel this order' }).click();
      await seen(page.getByRole('button', { name: 'Keep the tickets' }));
      return page;
    },
    menu: async () => {
      const page = await visit('/?q=Demo+Event', await admin());
      await page.getByRole('button', { name: /, menu$/ }).click();
      await seen(page.getByRole('menuitem', { name: 'Sign out' }));
      return page;
    },
    'not-found': () => visit('/nowhere'),
    'ticket-link': () => visit('/t/whatever'),
  };

  it.each(Object.keys(SCENES))('%s', async (name) => {
    const page = await SCENES[name]!();
    await seen(page.getByRole('heading', { level: 1 }).or(page.getByRole('dialog')).first());
    expect(await faultsOf(page, name)).toEqual([]);
  });
});

import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import { admin, ask, call, crowd, doorStaff, newEvent, newPerson, ordersOf, steer } from './support/api';
import { faultsOf } from './support/examine';
import { seen, useBrowser } from './support/stage';

describe('every page of staff and organisers is accessible, light and dark, on phone and desktop', () => {
  const stage = useBrowser();

  const console = async (path: string) => stage.visit(path, await admin(), { reducedMotion: 'reduce' });

  /** The console of an event on sale, with people in its line. */
  async function onSale(): Promise<Page> {
    const event = await newEvent({ vip: 20, regular: 80 });
    await ask(await newPerson(), event.id, 'Regular', 4);
    await eventually(async () =>
      expect(await call('GET', `/api/availability?event_id=${event.id}`)).toMatchObject({ regular_left: 76 }),
    );
    await steer(event.id, { paused: true });
    await crowd(event.id, 12);
    await crowd(event.id, 3, 'VIP');
    const page = await console(`/manage/events/${event.id}`);
    await seen(page.getByText('Nobody is served'));
    return page;
  }

  /** The door with a ticket looked at: valid, then let in if wanted. */
  async function atTheDoor(steps: readonly ('Check in' | 'again')[]): Promise<Page> {
    const event = await newEvent({ regular: 5 }, { name: 'Autumn Strings' });
    const buyer = await newPerson('Grace');
    await ask(buyer, event.id);
    const token = await eventually(async () => {
      const [order] = await ordersOf(buyer);
      return order!.tickets[0]!.qr_token;
    });
    const page = await stage.visit('/door', await doorStaff(), { reducedMotion: 'reduce' });
    const look = async () => {
      await page.getByLabel('Code of the ticket').fill(token);
      await page.getByLabel('Code of the ticket').press('Enter');
    };
    await look();
    await seen(page.getByText('Valid', { exact: true }));
    for (const step of steps) {
      if (step === 'again') await look();
      else await page.getByRole('button', { name: step }).click();
      await seen(page.getByText(step === 'again' ? 'Used already' : 'Admitted', { exact: true }));
    }
    return page;
  }

  const SCENES: Record<string, () => Promise<Page>> = {
    manage: async () => {
      await newEvent({ vip: 20, regular: 80 });
      const page = await console('/manage');
      await seen(page.getByRole('link', { name: 'Demo Event' }));
      return page;
    },
    'manage-new': async () => {
      const page = await console('/manage/events/new');
      await page.getByRole('button', { name: 'Create as draft' }).click();
      await seen(page.getByText('Give it a name'));
      return page;
    },
    'manage-draft': async () => {
      const types = [{ name: 'Regular', tier: 'Regular', capacity: 10 }];
      const body = { name: 'A draft', starts_at: '2030-05-01T18:00:00Z', ticket_types: types };
      const { id } = await call<{ id: number }>('POST', '/api/events', await admin(), body);
      const page = await console(`/manage/events/${id}`);
      await seen(page.getByRole('button', { name: 'Open the event' }));
      return page;
    },
    'manage-on-sale': onSale,
    'manage-refused': async () => {
      const page = await onSale();
      await page.getByLabel('Seats').last().fill('1');
      await page.getByRole('button', { name: 'Save Regular' }).click();
      await seen(page.getByText('More is sold than that'));
      return page;
    },
    'manage-close': async () => {
      const page = await onSale();
      await page.getByRole('button', { name: 'Close the sale' }).click();
      await seen(page.getByText(/^15 requests that still wait will be refused/));
      return page;
    },
    door: async () => stage.visit('/door', await doorStaff(), { reducedMotion: 'reduce' }),
    'door-valid': () => atTheDoor([]),
    'door-admitted': () => atTheDoor(['Check in']),
    'door-unknown': async () => {
      const page = await stage.visit('/door', await doorStaff(), { reducedMotion: 'reduce' });
      await page.getByLabel('Code of the ticket').fill('YXI');
      await page.getByLabel('Code of the ticket').press('Enter');
      await seen(page.getByText('Not a ticket', { exact: true }));
      return page;
    },
    'door-used': () => atTheDoor(['Check in', 'again']),
    forbidden: async () => stage.visit('/manage', await newPerson(), { reducedMotion: 'reduce' }),
  };

  it.each(Object.keys(SCENES))('%s', async (name) => {
    const page = await SCENES[name]!();
    await seen(page.getByRole('heading', { level: 1 }).or(page.getByRole('dialog')).first());
    expect(await faultsOf(page, name)).toEqual([]);
  });
});

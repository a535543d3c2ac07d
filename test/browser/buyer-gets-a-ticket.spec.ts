import QRCode from 'qrcode';
import { eventually } from '../support/eventually';
import {
  BASE,
  call,
  doorStaff,
  leftOf,
  newEvent,
  newPerson,
  ordersOf,
  steer,
  type Order,
  type Person,
} from './support/api';
import { fillSignIn, gone, seen, shownPlace, useBrowser } from './support/stage';

describe('a stranger gets a ticket', () => {
  const stage = useBrowser();

  /** What the door says to the address in a ticket's QR code. */
  async function codeSays(buyer: Person, orderId: string, ticketId: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${buyer.token}` };
    const address = await eventually(async () => {
      const drawn = await fetch(`${BASE}/api/tickets/${ticketId}/qr.svg`, { headers });
      const { tickets } = await call<Order>('GET', `/api/orders/${orderId}`, buyer);
      const token = tickets.find(({ id }) => id === ticketId)!.qr_token;
      // Both say when they end, to the second: drawn within the same one they are the same.
      const expected = `${BASE}/t/${token}`;
      const options = { type: 'svg', errorCorrectionLevel: 'M', margin: 4 } as const;
      expect(await drawn.text()).toBe(await QRCode.toString(expected, options));
      return expected;
    });
    const token = address.slice(address.lastIndexOf('/') + 1);
    const { valid, ticket } = await call<{ valid: boolean; ticket: unknown }>(
      'GET',
      `/api/tickets/verify/${token}`,
      await doorStaff(),
    );
    expect(valid).toBe(true);
    return ticket;
  }

  it('finds an event, asks, signs in, waits, has tickets that the door takes, and can give them back', async () => {
    const event = await newEvent({ vip: 5, regular: 10 });
    await steer(event.id, { paused: true });
    const buyer = await newPerson();
    const page = await stage.visit('/');

    await page.getByRole('searchbox', { name: 'Search events' }).fill(event.name);
    await page.getByRole('link', { name: event.name }).click();
    await page.getByRole('radio', { name: /^Regular/ }).click();
    await page.getByRole('button', { name: 'One ticket more' }).click();
    await page.getByRole('button', { name: 'Sign in and ask for 2 Regular tickets' }).click();
    await seen(page.getByText('Then you are back at the event, with your choice as you left it.'));
    await fillSignIn(page, buyer);

    await page.getByRole('button', { name: 'Ask for 2 Regular tickets', exact: true }).click();
    await seen(page.getByText('Your place is kept. You may close this page.'));
    expect(await shownPlace(page)).toBe(1);
    await seen(page.getByText('You are next.', { exact: true }));
    await steer(event.id, { paused: false });
    await seen(page.getByText('The tickets are yours').last());
    // They are asked for once the outcome is known.
    await seen(page.getByRole('article', { name: /^Ticket EV/ }).nth(1));
    expect(await page.getByRole('article', { name: /^Ticket EV/ }).count()).toBe(2);
    expect(await leftOf(event.id)).toMatchObject({ regular_left: 8 });

    await page.getByRole('link', { name: 'My tickets' }).last().click();
    await seen(page.getByRole('heading', { level: 1, name: 'My tickets' }));
    const [order] = await ordersOf(buyer);
    for (const ticket of order!.tickets) {
      const card = page.getByRole('article', { name: `Ticket ${ticket.code}` });
      const picture = card.getByRole('img', { name: `QR code of ticket ${ticket.code}` });
      await eventually(async () =>
        expect(await picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0),
      );
      await seen(card.getByText(ticket.entry_code, { exact: true }));
      await seen(card.getByText('Fresh each time you open this page, good for 24 hours'));
      expect(await picture.getAttribute('src')).toMatch(/^data:image\/svg\+xml,%3Csvg/);
      expect(await codeSays(buyer, order!.id, ticket.id)).toMatchObject({ code: ticket.code });
    }

    await page.getByRole('button', { name: 'Cancel this order' }).click();
    const question = page.getByRole('dialog', { name: 'Give back 2 Regular tickets?' });
    await seen(question.getByText(/You lose 2 Regular tickets for/));
    await question.getByRole('button', { name: 'Keep the tickets' }).click();
    await gone(question);
    expect((await ordersOf(buyer))[0]!.status).toBe('confirmed');
    await page.getByRole('button', { name: 'Cancel this order' }).click();
    await question.getByRole('button', { name: 'Give back 2 Regular tickets' }).click();
    await seen(page.getByText(`Cancelled: 2 tickets for ${event.name}.`));
    await seen(page.getByText(/given back/).first());
    expect(await leftOf(event.id)).toMatchObject({ regular_left: 10 });

    await page.goto(`/events/${event.id}`);
    await seen(page.getByRole('radio', { name: 'Regular, €45, 10 left' }));
  });
});

import { eventually } from '../support/eventually';
import { ask, call, doorStaff, newEvent, newPerson, ordersOf, type Order } from './support/api';
import { seen, useBrowser } from './support/stage';

describe('the door lets each ticket in once', () => {
  const stage = useBrowser();

  async function bought(): Promise<{ order: Order; cancel: () => Promise<unknown> }> {
    const event = await newEvent({ regular: 10 });
    const buyer = await newPerson('Grace');
    await ask(buyer, event.id);
    const order = await eventually(async () => {
      const [first] = await ordersOf(buyer);
      expect(first).toBeDefined();
      return first!;
    });
    return { order, cancel: () => call('POST', `/api/orders/${order.id}/cancel`, buyer) };
  }

  it('checks in by code, then says that it is used and since when', async () => {
    const { order } = await bought();
    const { qr_token: token, code } = order.tickets[0]!;
    const page = await stage.visit('/door', await doorStaff());
    const field = page.getByLabel('Code of the ticket');
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await field.fill(token);
    await field.press('Enter');
    await seen(page.getByText('Valid', { exact: true }));
    await seen(page.getByText(new RegExp(`Grace, Regular\\s*${code}`)));

    await page.getByRole('button', { name: 'Check in' }).click();
    await seen(page.getByText('Admitted', { exact: true }));
    // Ready for the next one, without a touch.
    await eventually(async () => {
      expect(await field.inputValue()).toBe('');
      expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    });

    await field.fill(`https://tickets.example.org/t/${token}`);
    await field.press('Enter');
    await seen(page.getByText('Used already', { exact: true }));
    await seen(page.getByText(/First entry at \d\d:\d\d\./));
    expect(await page.getByRole('button', { name: 'Check in' }).count()).toBe(0);
  });

  it('of two who looked at the same ticket, the second is told', async () => {
    const { order } = await bought();
    const { qr_token: token } = order.tickets[0]!;
    const staff = await doorStaff();
    // The link in the QR code, opened by staff, is the door.
    const page = await stage.visit(`/t/${token}`, staff);
    await seen(page.getByText('Valid', { exact: true }));
    expect(await call('POST', `/api/tickets/checkin/${token}`, staff)).toMatchObject({ ok: true });
    await page.getByRole('button', { name: 'Check in' }).click();
    await seen(page.getByText('Used already', { exact: true }));
    await seen(page.getByText(/First entry at \d\d:\d\d\./));
  });

  it('turns away what was given back, and what is no ticket', async () => {
    const { order, cancel } = await bought();
    await cancel();
    const page = await stage.visit('/door', await doorStaff());
    const field = page.getByLabel('Code of the ticket');
    await field.fill(order.tickets[0]!.qr_token);
    await field.press('Enter');
    await seen(page.getByText('Cancelled', { exact: true }));
    await field.fill('not a ticket');
    await field.press('Enter');
    await seen(page.getByText('Not a ticket', { exact: true }));
    // What the door takes is said before and after: no word of entry codes letting anybody in.
    await seen(page.getByText('Entry codes and ticket numbers do not work here.', { exact: false }).first());
    await seen(page.getByText(/Scan the one on the holder/));
  });

  it('is shut to buyers, who learn what a ticket link is for', async () => {
    const buyer = await newPerson();
    const page = await stage.visit('/door', buyer);
    await seen(page.getByRole('heading', { level: 1, name: 'This page is for others' }));
    await page.goto('/t/whatever');
    await seen(page.getByText(/Show this QR code at the door/));
  });
});

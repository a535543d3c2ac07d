import { admin, ask, call, crowd, leftOf, newEvent, newPerson, requestsOf, steer } from './support/api';
import { eventually } from '../support/eventually';
import { gone, seen, useBrowser } from './support/stage';

describe('an event page keeps up with its sale', () => {
  const stage = useBrowser();

  it('a sale opened early opens on a page that counts down, and one moved away closes on it', async () => {
    const later = new Date(Date.now() + 49 * 86_400_000).toISOString();
    const event = await newEvent({ regular: 5 }, { sale_opens_at: later });
    const page = await stage.visit(`/events/${event.id}`, await newPerson());
    await seen(page.getByRole('timer'));
    const button = page.getByRole('button', { name: 'Ask for 1 Regular ticket', exact: true });
    expect(await button.isDisabled()).toBe(true);
    await call('PATCH', `/api/events/${event.id}`, await admin(), { sale_opens_at: null });
    await gone(page.getByRole('timer'));
    expect(await button.isEnabled()).toBe(true);
    await call('POST', `/api/events/${event.id}/close`, await admin());
    await seen(page.getByRole('heading', { name: 'The sale is closed' }));
  });

  it('stops at what is left, and at what one has in line already', async () => {
    const event = await newEvent({ vip: 2, regular: 50 });
    await steer(event.id, { paused: true });
    const me = await newPerson();
    await ask(me, event.id, 'Regular', 3);
    const page = await stage.visit(`/events/${event.id}?quantity=4`, me);
    await seen(page.getByText('You wait for 3, and one person may have 4: 1 more.'));
    await seen(page.getByRole('button', { name: 'Ask for 1 Regular ticket', exact: true }));
    expect(await page.getByRole('button', { name: 'One ticket more' }).isDisabled()).toBe(true);

    const other = await stage.visit(`/events/${event.id}?quantity=4&type=VIP`, await newPerson());
    await seen(other.getByText('Only 2 VIP tickets left.'));
    await seen(other.getByRole('button', { name: 'Ask for 2 VIP tickets', exact: true }));
    await other.getByRole('radio', { name: /^Regular/ }).click();
    await seen(other.getByRole('button', { name: 'Ask for 4 Regular tickets', exact: true }));
  });

  it('says that the line is paused before one asks', async () => {
    const event = await newEvent({ regular: 5 });
    await steer(event.id, { paused: true });
    await crowd(event.id, 2);
    const page = await stage.visit(`/events/${event.id}`);
    await seen(page.getByText(/^The organiser has paused the line: .*2 requests are waiting in line\./));
  });

  it('without a network it says so, stops when told, and asks once when the network is back', async () => {
    const event = await newEvent({ regular: 5 });
    const me = await newPerson();
    const page = await stage.visit(`/events/${event.id}`, me);
    const button = page.getByRole('button', { name: 'Ask for 1 Regular ticket', exact: true });
    await button.waitFor();
    await page.context().setOffline(true);
    await button.click();
    await seen(
      page.getByText('You are offline. We ask for you as soon as you are back. Your click counts once.'),
    );
    expect(await page.getByText('Very many people').count()).toBe(0);
    await page.getByRole('button', { name: 'Stop trying' }).click();
    await seen(page.getByText(/^We stopped asking\./));
    expect(await button.isEnabled()).toBe(true);

    await button.click();
    await seen(page.getByRole('button', { name: 'Stop trying' }));
    await page.context().setOffline(false);
    await seen(page.getByText('The tickets are yours').last());
    expect(await requestsOf(me)).toHaveLength(1);
    await eventually(async () => expect((await leftOf(event.id)).regular_left).toBe(4));
  });
});

import { ask, call, admin, crowd, leftOf, newEvent, newPerson, standingOf, steer } from './support/api';
import { eventually } from '../support/eventually';
import { seen, useBrowser } from './support/stage';

describe('whoever is refused is told why, and what to do next', () => {
  const stage = useBrowser();

  it('sold out while waiting: the other type, one touch away', async () => {
    const event = await newEvent({ vip: 5, regular: 1 });
    await steer(event.id, { paused: true });
    await crowd(event.id, 1);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByText('Unlikely', { exact: true }));

    await steer(event.id, { paused: false });
    await seen(page.getByRole('heading', { name: 'Sold out while you waited' }));
    await seen(page.getByText(/The last Regular tickets went to people ahead of you/));
    await seen(page.getByText('5 VIP tickets are left: ask for one.'));
    await eventually(async () => expect(await page.title()).toMatch(/^✗ Sold out while you waited/));

    await page.getByRole('link', { name: 'Ask for 1 VIP ticket' }).click();
    await seen(page.getByRole('radio', { name: 'Regular, €45, 0 left', disabled: true }));
    await page.getByRole('button', { name: 'Ask for 1 VIP ticket', exact: true }).click();
    await seen(page.getByText('The tickets are yours').last());
    expect(await leftOf(event.id)).toMatchObject({ vip_left: 4, regular_left: 0 });
  });

  it('everything sold out: where tickets given back show up', async () => {
    const event = await newEvent({ regular: 1 });
    await steer(event.id, { paused: true });
    await crowd(event.id, 1);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    await steer(event.id, { paused: false });
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByText(/Nothing is left at the moment; tickets given back show up at the event\./));
    await page.getByRole('link', { name: event.name }).click();
    await seen(
      page.getByText('Everything is taken. Tickets that are given back show up here by themselves.'),
    );
    await seen(page.getByText('Sold out', { exact: true }));
  });

  it('limit reached: what one has and may still ask for, in numbers', async () => {
    const event = await newEvent({ vip: 5, regular: 10 });
    await steer(event.id, { paused: true });
    const me = await newPerson();
    await ask(me, event.id, 'VIP');
    const { request_id: id } = await ask(me, event.id, 'Regular', 4);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByText('1 request is ahead of you: your own other one.'));
    await seen(page.getByText('Unlikely', { exact: true }));
    await seen(page.getByText(/more than 4, the most for one person, so this request is refused if/));
    await seen(page.getByText(/Leave this line and ask for 3\./));

    await steer(event.id, { paused: false });
    await seen(page.getByRole('heading', { name: 'More than one person may hold' }));
    await seen(page.getByText(/You hold 1 now, asked for 4 more, and at your turn that was above 4/));
    await seen(page.getByText('You can still ask for 3.'));
    await page.getByRole('link', { name: 'Ask for 3 Regular tickets' }).click();
    await seen(page.getByText('You hold 1, and one person may have 4: 3 more.'));
    await page.getByRole('button', { name: 'Ask for 3 Regular tickets', exact: true }).click();
    await seen(page.getByText('The tickets are yours').last());
    expect(await leftOf(event.id)).toMatchObject({ vip_left: 4, regular_left: 7 });

    await page.goto(`/events/${event.id}`);
    await seen(page.getByText('You hold 4, and one person may have 4.'));
    expect(await page.getByRole('button', { name: /^Ask for/ }).count()).toBe(0);
  });

  it('limit reached with all one may hold: that they stay', async () => {
    const event = await newEvent({ regular: 10 }, { max_per_buyer: 2 });
    const me = await newPerson();
    const first = await ask(me, event.id, 'Regular', 2);
    await eventually(async () => expect((await standingOf(me, first.request_id)).status).toBe('granted'));
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByRole('heading', { name: 'You hold as many tickets as one person may' }));
    await seen(page.getByText(/You have 2, and 2 is the most for this event\./));
    await page.getByRole('link', { name: 'See my tickets' }).click();
    await seen(page.getByText('2 Regular tickets, €90'));
    // And what was refused is found again.
    await page.getByRole('link', { name: /Refused: above the limit for one person/ }).click();
    await seen(page.getByRole('heading', { name: 'You hold as many tickets as one person may' }));
  });

  it('a request that the limit is sure to refuse has no chance, and that is said while it waits', async () => {
    const event = await newEvent({ regular: 10 });
    const me = await newPerson();
    const first = await ask(me, event.id, 'Regular', 2);
    await eventually(async () => expect((await standingOf(me, first.request_id)).status).toBe('granted'));
    await steer(event.id, { paused: true });
    const { request_id: id } = await ask(me, event.id, 'Regular', 3);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByText('None at the moment', { exact: true }));
    await seen(page.getByText(/^You hold 2 tickets\..*so this request will be refused\./));
  });

  it('fewer left than asked for: how many, and of the same type', async () => {
    const event = await newEvent({ vip: 5, regular: 1 });
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id, 'Regular', 3);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByRole('heading', { name: 'Fewer were left than you asked for' }));
    await seen(page.getByText('1 Regular ticket is left: ask for it.'));
    await page.getByRole('link', { name: 'Ask for 1 Regular ticket' }).click();
    await seen(page.getByText('Only 1 Regular ticket left.'));
    expect(await page.getByRole('button', { name: 'One ticket more' }).isDisabled()).toBe(true);
  });

  it('sale closed while waiting: that nothing is charged, and other events', async () => {
    const event = await newEvent({ regular: 10 });
    await steer(event.id, { paused: true });
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    const page = await stage.visit(`/requests/${id}`, me);
    await seen(page.getByText('The organiser has paused the line'));
    await call('POST', `/api/events/${event.id}/close`, await admin());
    await seen(page.getByRole('heading', { name: 'The sale was closed while you waited' }));
    await seen(page.getByText(/Nothing is charged\./));
    await page.getByRole('link', { name: 'Other events' }).click();
    await seen(page.getByRole('heading', { level: 1, name: 'Events' }));
  });
});

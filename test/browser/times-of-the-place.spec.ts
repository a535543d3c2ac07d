import { admin, ask, call, newEvent, newPerson, standingOf } from './support/api';
import { eventually } from '../support/eventually';
import { seen, useBrowser } from './support/stage';

describe('times are those of the place', () => {
  const stage = useBrowser();
  const NEW_YORK = { timezoneId: 'America/New_York' };
  const BERLIN = { timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 900 } };
  const concert = {
    starts_at: '2030-02-01T19:00:00Z',
    ends_at: '2030-02-01T21:30:00Z',
    time_zone: 'Europe/Berlin',
  };

  it('a buyer elsewhere reads the time there with its zone, and the own time beside it', async () => {
    const event = await newEvent({ regular: 5 }, concert);
    const me = await newPerson();
    const { request_id: id } = await ask(me, event.id);
    await eventually(async () => expect((await standingOf(me, id)).status).toBe('granted'));

    const page = await stage.visit(`/events/${event.id}`, me, NEW_YORK);
    await seen(page.getByText('Fri, 1 February 2030, 20:00 to 22:30 CET (14:00 EST your time)'));
    await page.goto('/tickets');
    await seen(page.getByText('Fri, 1 February 2030, 20:00 CET (14:00 EST your time)'));
    await page.goto(`/?q=${encodeURIComponent(event.name)}`);
    await seen(page.getByRole('article').getByText('20:00 CET'));
    await seen(page.getByRole('article').getByText('14:00 EST your time'));
  });

  it('one on another day reads the day too, and one in the same zone reads one time', async () => {
    const event = await newEvent({ regular: 5 }, concert);
    const far = await stage.visit(`/events/${event.id}`, undefined, { timezoneId: 'Asia/Tokyo' });
    await seen(far.getByText('20:00 to 22:30 CET (Sat, 2 February 2030, 04:00 GMT+9 your time)'));
    const near = await stage.visit(`/events/${event.id}`, undefined, { timezoneId: 'Europe/Paris' });
    await seen(near.getByText('Fri, 1 February 2030, 20:00 to 22:30 CET'));
    expect(await near.getByText('your time').count()).toBe(0);
  });

  it('an organiser sets them by the clocks of a zone: the own one unless another is chosen', async () => {
    const boss = await admin();
    const page = await stage.visit('/manage/events/new', boss, BERLIN);
    const zone = page.getByLabel('Time zone');
    expect(await zone.inputValue()).toBe('Europe/Berlin');
    await page.getByLabel('Name').first().fill('Zones');
    await page.getByLabel('Begins').fill('2030-03-31T03:30');
    await page.getByLabel('Ends').fill('2030-07-01T20:00');
    await page.getByRole('button', { name: 'Create as draft' }).click();
    await seen(page.getByRole('heading', { level: 1, name: 'Zones' }));
    const path = `/api/events/mine/${/\d+$/.exec(page.url())![0]}`;
    // Half an hour after the clocks went forward.
    const times = { starts_at: '2030-03-31T01:30:00.000Z', ends_at: '2030-07-01T18:00:00.000Z' };
    expect(await call('GET', path, boss)).toMatchObject({ ...times, time_zone: 'Europe/Berlin' });

    await zone.selectOption('America/New_York');
    await page.getByLabel('Begins').fill('2030-01-31T20:00');
    await page.getByRole('button', { name: 'Save the event' }).click();
    await seen(page.getByText('Saved.'));
    expect(await call('GET', path, boss)).toMatchObject({
      starts_at: '2030-02-01T01:00:00.000Z',
      ends_at: '2030-07-02T00:00:00.000Z',
      time_zone: 'America/New_York',
    });
    await page.reload();
    expect(await page.getByLabel('Begins').inputValue()).toBe('2030-01-31T20:00');
    expect(await zone.inputValue()).toBe('America/New_York');
  });

  it('all faults of a new event are told at once, a price cut short among them', async () => {
    const page = await stage.visit('/manage/events/new', await admin(), BERLIN);
    await page.getByLabel('Name').first().fill('Faults');
    await page.getByLabel('Begins').fill('2030-05-01T20:00');
    await page.getByLabel('Ends').fill('2030-05-01T19:00');
    const [vip, regular] = [page.getByLabel('Price, EUR').first(), page.getByLabel('Price, EUR').last()];
    await vip.fill('-4');
    await regular.fill('19.995');
    await page.getByRole('button', { name: 'Create as draft' }).click();
    await seen(page.getByText('It cannot end before it begins'));
    await seen(page.getByText('It cannot be less than 0'));
    await seen(page.getByText('Two digits after the point, not more'));
    expect(await regular.inputValue()).toBe('19.995');
  });
});

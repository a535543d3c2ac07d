import type { Page } from 'playwright-core';
import { newEvent, newPerson, requestsOf, steer } from './support/api';
import { seen, shownPlace, useBrowser } from './support/stage';

describe('one wish is one request', () => {
  const stage = useBrowser();
  const INTAKE = '**/api/ticket-requests';

  async function aboutToAsk() {
    const event = await newEvent({ regular: 50 });
    await steer(event.id, { paused: true });
    const me = await newPerson();
    const page = await stage.visit(`/events/${event.id}`, me);
    return { page, me, button: page.getByRole('button', { name: 'Ask for 1 Regular ticket', exact: true }) };
  }

  /** The keys under which the page has asked. */
  function keysOf(page: Page): string[] {
    const keys: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/ticket-requests'))
        keys.push(request.headers()['idempotency-key'] ?? 'none');
    });
    return keys;
  }

  it('when the button is clicked twice', async () => {
    const { page, me, button } = await aboutToAsk();
    await button.dblclick();
    await seen(page.getByText('Your place is kept. You may close this page.'));
    expect(await requestsOf(me)).toHaveLength(1);
  });

  it('when the server is busy at first', async () => {
    const { page, me, button } = await aboutToAsk();
    const keys = keysOf(page);
    await page.route(
      INTAKE,
      (route) =>
        route.fulfill({
          status: 503,
          headers: { 'Retry-After': '1' },
          contentType: 'application/problem+json',
          json: { title: 'Too busy', status: 503, code: 'unavailable' },
        }),
      { times: 1 },
    );
    await button.dblclick();
    await seen(page.getByText('We keep trying for you. Your click counts once.'));
    await seen(page.getByText('Your place is kept. You may close this page.'));
    expect(await shownPlace(page)).toBe(1);
    expect(await requestsOf(me)).toHaveLength(1);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('when the request arrived but its answer was lost', async () => {
    const { page, me, button } = await aboutToAsk();
    await page.route(
      INTAKE,
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await button.click();
    await seen(page.getByText('Your place is kept. You may close this page.'));
    expect(await requestsOf(me)).toHaveLength(1);
  });
});

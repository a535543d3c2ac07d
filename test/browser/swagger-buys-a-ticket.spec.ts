import type { Locator, Page } from 'playwright-core';
import { eventually } from '../support/eventually';
import { leftOf, signIn, ordersOf } from './support/api';
import { seen, useBrowser } from './support/stage';

describe('a developer buys a ticket from Swagger UI alone', () => {
  const stage = useBrowser();

  /** Opens an operation, fills in what is given, runs it, and answers status and body of the answer. */
  async function run(
    page: Page,
    operationId: string,
    parameters: Record<string, string> = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    // By its own name: answers of other operations link to it.
    const name = page.locator('.opblock-summary-operation-id').getByText(operationId, { exact: true });
    const block = page.locator('.opblock').filter({ has: name });
    const execute = block.getByRole('button', { name: 'Execute' });
    if (!(await execute.isVisible())) await block.locator('.opblock-summary-control').click();
    for (const [parameter, value] of Object.entries(parameters))
      await block.locator(`tr[data-param-name="${parameter}"] input`).fill(value);
    await execute.click();
    const live = block.locator('.live-responses-table');
    await seen(live);
    const status = Number(await live.locator('tbody .response-col_status').first().innerText());
    return { status, body: await answerIn(live) };
  }

  const answerIn = (live: Locator) =>
    eventually(
      async () =>
        JSON.parse(await live.locator('.highlight-code code, .microlight').first().innerText()) as Record<
          string,
          unknown
        >,
    );

  it('signs in with the example, asks with the example, sees its place, and has its order', async () => {
    const page = await stage.visit('/docs', undefined, { viewport: { width: 1280, height: 900 } });
    await seen(page.getByText('Buy a ticket from this page.'));

    const login = await run(page, 'login');
    expect(login).toMatchObject({
      status: 200,
      body: { token_type: 'bearer', user: { email: 'demo@local.test' } },
    });

    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.dialog-ux');
    await dialog.locator('input').fill(String(login.body.access_token));
    await dialog.getByRole('button', { name: /^Apply/ }).click();
    await dialog.getByRole('button', { name: 'Close' }).click();

    const accepted = await run(page, 'requestTickets');
    expect(accepted).toMatchObject({
      status: 202,
      body: { status: 'queued', ticket_type: 'Regular', quantity: 2 },
    });
    const id = String(accepted.body.request_id);
    await eventually(async () => {
      const position = await run(page, 'getPosition', { request_id: id });
      expect(position).toMatchObject({
        status: 200,
        body: { request_id: id, status: 'granted', order_id: id },
      });
    });
    const orders = await run(page, 'listOrders');
    expect(orders).toMatchObject({
      status: 200,
      body: {
        items: [
          {
            id,
            event: { name: 'Demo Event' },
            quantity: 2,
            tickets: [{ code: expect.stringMatching(/^EV01-\d+$/) }, {}],
          },
        ],
      },
    });

    expect((await ordersOf(await signIn('demo@local.test')))[0]).toMatchObject({ id, status: 'confirmed' });
    expect((await leftOf(1)).regular_left).toBeLessThanOrEqual(78);
  });
});

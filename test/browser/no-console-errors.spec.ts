import type { Page } from 'playwright-core';
import { BASE, admin, crowd, newEvent, newPerson, steer } from './support/api';
import { fillSignIn, seen, useBrowser } from './support/stage';

describe('a whole visit under the content security policy', () => {
  const stage = useBrowser();

  /** Everything a page complains of, and every host it speaks to. */
  async function listen(page: Page): Promise<{ complaints: string[]; hosts: Set<string> }> {
    const heard = { complaints: [] as string[], hosts: new Set<string>() };
    const window = page.context();
    window.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning')
        heard.complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
    window.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== 'data:' && protocol !== 'blob:') heard.hosts.add(host);
    });
    window.on('requestfailed', (request) => {
      // A page that is left breaks off what it was asking for.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED')
        heard.complaints.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
    });
    await window.exposeFunction('complain', (violation: string) => heard.complaints.push(violation));
    await window.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
        (window as unknown as { complain(words: string): void }).complain(
          `policy: ${violatedDirective} ${blockedURI}`,
        ),
      );
    });
    return heard;
  }

  const ownHostAlone = new Set([new URL(BASE).host]);

  it('a buyer’s has no error, no violation, and no word with another host', async () => {
    const event = await newEvent({ vip: 5, regular: 10 });
    await steer(event.id, { paused: true });
    await crowd(event.id, 2);
    const buyer = await newPerson();
    const page = await stage.visit('about:blank');
    const heard = await listen(page);
    const answer = await page.goto('/');
    expect(answer!.headers()['content-security-policy']).toMatch(/default-src 'self'; ?script-src 'self';/);

    await page.getByRole('link', { name: event.name }).click();
    await page.getByRole('button', { name: /^Sign in and ask/ }).click();
    await fillSignIn(page, buyer);
    await page.getByRole('button', { name: /^Ask for 1/ }).click();
    await seen(page.getByText('Your place is kept. You may close this page.'));
    await page.reload();
    await seen(page.getByText('Live: every change shows at once.'));
    await steer(event.id, { paused: false });
    await seen(page.getByText('The tickets are yours').last());
    await page.getByRole('link', { name: 'My tickets' }).last().click();
    await seen(page.getByRole('heading', { level: 1, name: 'My tickets' }));
    await page.getByRole('button', { name: /^Show the QR code/ }).click();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: /, menu$/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.goto('/sign-up');
    await page.goto('/nowhere');
    await seen(page.getByRole('heading', { level: 1, name: 'There is no such page' }));

    expect(heard.complaints).toEqual([]);
    expect(heard.hosts).toEqual(ownHostAlone);
  });

  it('an operator’s has none either, in the console, at the door, in Bull Board and in Swagger UI', async () => {
    const event = await newEvent({ vip: 5, regular: 10 });
    await crowd(event.id, 2);
    const boss = await admin();
    const page = await stage.visit('about:blank', boss, { viewport: { width: 1280, height: 900 } });
    const heard = await listen(page);
    await page.goto('/manage');
    await page.getByRole('link', { name: event.name }).click();
    await seen(page.getByRole('region', { name: 'Line' }).getByText('Running'));
    await page.goto('/manage/events/new');
    await seen(page.getByRole('heading', { level: 1, name: 'New event' }));
    await page.getByRole('link', { name: 'Door' }).click();
    await seen(page.getByRole('heading', { level: 1, name: 'Door' }));
    await page.goto('/admin/queues');
    await seen(page.getByText('Tixline lines').first());
    await page.goto('/docs');
    await seen(page.getByText('requestTickets').first());

    expect(heard.complaints).toEqual([]);
    expect(heard.hosts).toEqual(ownHostAlone);
  });
});

import { request } from 'node:http';
import { eventually } from '../support/eventually';
import { BASE, admin, ask, call, newPerson, signIn, standingOf, type Person } from './support/api';
import { fillSignIn, seen, useBrowser } from './support/stage';

describe('the queues are for admins', () => {
  const stage = useBrowser();
  const WIDE = { viewport: { width: 1280, height: 900 } };

  /** Asks for a path exactly as it is spelled, which `fetch` and browsers would put right first. */
  function raw(path: string, as?: Person, method = 'GET'): Promise<{ status: number; body: string }> {
    const { hostname, port } = new URL(BASE);
    return new Promise((resolve, reject) => {
      const headers = { accept: 'application/json', ...(as && { authorization: `Bearer ${as.token}` }) };
      const asking = request({ hostname, port, path, method, headers }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (part: string) => (body += part));
        answer.on('end', () => resolve({ status: answer.statusCode!, body }));
      });
      asking.on('error', reject).end();
    });
  }

  it('an anonymous visitor signs in as an admin and is back at the board', async () => {
    const page = await stage.visit('/admin/queues', undefined, WIDE);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    await fillSignIn(page, await admin());
    await page.waitForURL('**/admin/queues');
    await seen(page.getByText('Tixline lines').first());
  });

  it('a buyer is refused, on the page and behind it', async () => {
    const buyer = await newPerson();
    const page = await stage.visit('/', buyer, WIDE);
    expect(await page.getByRole('link', { name: 'Queues' }).count()).toBe(0);
    await page.goto('/admin/queues');
    await seen(page.getByRole('heading', { level: 1, name: 'This page is for others' }));
    expect(await page.getByText('Tixline lines').count()).toBe(0);
    expect((await page.request.get('/admin/queues/api/queues')).status()).toBe(401);
    expect(await raw('/admin/queues/api/queues', buyer)).toMatchObject({ status: 401 });
  });

  it('an admin finds the line of event 1, its jobs named by tier and number', async () => {
    const buyer = await newPerson();
    const { request_id: id } = await ask(buyer, 1, 'VIP');
    await eventually(async () => expect((await standingOf(buyer, id)).status).toBe('granted'));

    const page = await stage.visit('/', await admin(), WIDE);
    await page.getByRole('link', { name: 'Queues' }).click();
    await page
      .getByRole('link', { name: /\bline-1$/ })
      .first()
      .click();
    await seen(page.getByRole('link', { name: /VIP × 1 · place \d+/ }).first());
    await call('POST', `/api/orders/${id}/cancel`, buyer);
  });

  it('a pass ends with the sign-out', async () => {
    const page = await stage.visit('/admin/queues', await admin(), WIDE);
    await seen(page.getByText('Tixline lines').first());
    await page.goto('/');
    await page.getByRole('button', { name: /, menu$/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await seen(page.getByText('You are signed out.'));
    await page.goto('/admin/queues');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  const SPELLINGS = [
    '/admin/queues',
    '/admin/queues/',
    '/admin/queues/api/queues',
    '/admin/%71ueues/api/queues',
    '/%61dmin/queues/api/queues',
    '/admin/queues/%61pi/queues',
    '/admin%2fqueues/api/queues',
    '//admin/queues/api/queues',
    '/admin//queues/api/queues',
    '/admin/queues//api/queues',
    '/ADMIN/QUEUES/api/queues',
    '/Admin/Queues/API/queues',
    '/admin/queues;x=1/api/queues',
    '/admin/queues/api/queues;x',
    '/admin/queues/api/queues/',
    '/admin/queues/../queues/api/queues',
    '/docs/../admin/queues/api/queues',
    '/./admin/queues/api/queues',
    '/admin/queues/api/queues?activeQueue=line-1',
    '/admin/queues/static/../api/queues',
    '/admin/queues\\api\\queues',
    '/admin/queues/queue/line-1',
    '/admin/queues/api/queues%00',
    'http://localhost/admin/queues/api/queues',
  ];
  it.each(SPELLINGS)('%s is closed for strangers, buyers and door staff', async (path) => {
    const [buyer, staff] = await Promise.all([newPerson(), signIn('door@local.test')]);
    for (const who of [undefined, buyer, staff]) {
      const { status, body } = await raw(path, who);
      expect(body).not.toMatch(/"queues":|"jobs":|__UI_CONFIG__/);
      // A page of the client (200) says nothing; all else is a refusal.
      if (status === 200) expect(body).toContain('<div id="root">');
      else expect([302, 400, 401, 403, 404]).toContain(status);
    }
  });

  it('changes are closed as well', async () => {
    for (const path of ['/admin/queues/api/queues/line-1/pause', '/admin//queues/api/queues/line-1/empty']) {
      expect([401, 404]).toContain((await raw(path, undefined, 'PUT')).status);
      expect([401, 404]).toContain((await raw(path, await newPerson(), 'PUT')).status);
    }
    expect(await call('GET', '/api/events/1/line')).toMatchObject({ paused: false });
    expect((await raw('/admin/queues/api/queues', await admin())).status).toBe(200);
  });
});

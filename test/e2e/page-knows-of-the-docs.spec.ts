import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Tixline } from '../support/tixline';

const SETTINGS = { NODE_ENV: 'production', JWT_SECRET: 'pZ4vQ8rT1wXyB6nM9kLcD2fGhJ5sA7eU0iOq' };
const LINK = '<link rel="help" href="/docs" />';
const PAGES = ['/', '/index.html', '/events/1', '/t/token'];

// There is no page where the web client has not been built.
const describeBuilt = existsSync(join(__dirname, '../../web/dist')) ? describe : describe.skip;

describeBuilt('the page of the web client', () => {
  let closed: Tixline;
  let open: Tixline;
  beforeAll(async () => {
    closed = await Tixline.start({ env: SETTINGS });
    const databaseUrl = closed.config.databaseUrl!;
    open = await Tixline.start({ databaseUrl, env: { ...SETTINGS, DOCS: 'on' } });
  });
  afterAll(async () => {
    await open.stop();
    await closed.stop();
  });

  it.each(PAGES)('%s shows the way to the API reference exactly where there is one', async (path) => {
    const [with_, without] = [await open.get(path), await closed.get(path)];
    for (const { statusCode, headers } of [with_, without])
      expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
        200,
        'text/html; charset=utf-8',
        'no-cache',
      ]);
    expect(with_.body).toContain(LINK);
    expect(without.body).not.toContain('/docs');
    // Nothing else is missing.
    expect(with_.body.replace(`    ${LINK}\n`, '')).toBe(without.body);
    expect([(await open.get('/docs')).statusCode, (await closed.get('/docs')).statusCode]).toEqual([
      200, 404,
    ]);
  });
});

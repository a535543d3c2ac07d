import { eventually } from '../../support/eventually';
import { startOwnPostgres, type OwnPostgres } from '../../support/own-postgres';
import { ownFolder, TixlineProcess } from '../../support/tixline-process';

const TOKEN = 'Qp71xZr5Wk93vTb2MnLkJhGfDsA0UiYt';

describe('a worker', () => {
  const folder = ownFolder();
  let server: OwnPostgres;
  let worker: TixlineProcess | undefined;
  beforeAll(async () => {
    server = await startOwnPostgres();
  }, 60_000);
  afterAll(async () => {
    await worker?.end();
    await server?.remove();
    folder.remove();
  });

  it('shows its figures on PORT to who knows METRICS_TOKEN, nothing else to anybody, and ends as before', async () => {
    worker = await TixlineProcess.start(folder.path, {
      NODE_ENV: 'production',
      ROLE: 'worker',
      DATABASE_URL: server.url,
      HOST: '127.0.0.1',
      JWT_SECRET: 'pZ4vQ8rT1wXyB6nM9kLcD2fGhJ5sA7eU0iOq',
      METRICS_TOKEN: TOKEN,
    });
    const get = (path: string, authorization = `Bearer ${TOKEN}`) =>
      fetch(`${worker!.url}${path}`, { headers: { authorization } });
    await eventually(async () => {
      const text = await (await get('/metrics')).text();
      expect(text).toMatch(/^tixline_tick_duration_seconds_count [1-9]/m);
      expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
    }, 25_000);
    for (const [path, authorization] of [
      ['/metrics', ''],
      ['/metrics', `Bearer ${TOKEN}x`],
      ['/', undefined],
      ['/health/live', undefined],
    ] as const)
      expect((await get(path, authorization)).status).toBe(404);
    worker.terminate();
    expect((await worker.ended).code).toBe(0);
  });
});

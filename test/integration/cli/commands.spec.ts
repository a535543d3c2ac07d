import { EventLines } from '../../../src/platform/queue';
import { settingsOf, tixlineCommand, tixlineInProcess, type Answered } from '../../support/command-line';
import { Tixline, type Person } from '../../support/tixline';

describe('the commands of tixline', () => {
  let tixline: Tixline;
  let eventId: number;
  let buyer: Person;
  const run = (line: string, env: Record<string, string> = {}): Promise<Answered> =>
    tixlineInProcess(line.split(' '), { ...settingsOf(tixline), ...env });

  beforeAll(async () => {
    tixline = await Tixline.start();
    eventId = await tixline.event({ vip: 2, regular: 5 });
    buyer = await tixline.person();
  });
  afterAll(() => tixline.stop());

  it('ask, tick and tell: a request goes the way of the API and is settled', async () => {
    const asked = await run(
      `request --event ${eventId} --type vip --quantity 2 --email ${buyer.email} --json`,
    );
    expect(asked).toMatchObject({ code: 0, err: '' });
    const request = asked.json();
    expect(request).toMatchObject({ status: 'queued', event_id: eventId, ticket_type: 'VIP', quantity: 2 });
    expect(request).toMatchObject({ place: 1, position: 1, vip_ahead: 0, replayed: false, permit: true });
    const place = await tixline.get(`/api/queue/position?request_id=${String(request.request_id)}`, {
      as: buyer,
    });
    expect(place.json()).toMatchObject({ status: 'queued', place: 1 });

    const ticked = await run('tick --json');
    expect(ticked.code).toBe(0);
    expect(ticked.json()).toMatchObject({
      settled: 1,
      events: [{ event_id: eventId, settled: 1, waiting: 0, vip_left: 0, regular_left: 5 }],
    });

    const left = await run(`availability --event ${eventId} --json`);
    const leftToRead = await run(`availability --event ${eventId}`);
    const told = await run('transactions --last 1 --json');
    const toldToRead = await run(`transactions --event ${eventId}`);
    expect(left.json()).toMatchObject({ event_id: eventId, vip_left: 0, regular_left: 5 });
    expect(leftToRead.out).toMatch(/VIP +0 +2 +2\b/);
    expect(told.json<{ items: object[] }>().items).toMatchObject([
      { status: 'granted', request_id: request.request_id, user_email: buyer.email, quantity: 2 },
    ]);
    expect(toldToRead.out).toMatch(/granted +VIP × 2/);
    for (const { code } of [left, leftToRead, told, toldToRead]) expect(code).toBe(0);
  });

  it('count a key once', async () => {
    const line = `request --event ${eventId} --email ${buyer.email} --key once-only --json`;
    const first = (await run(line)).json();
    const again = (await run(line)).json();
    expect(again).toEqual({ ...first, replayed: true });
  });

  it('say in one sentence what is wrong, and end with 1 for no, 2 for what could not be tried', async () => {
    const cases: [line: string, code: number, says: RegExp, env?: Record<string, string>][] = [
      ['availability --event 77', 1, new RegExp(`There is no event 77\\. There is ${eventId} \\(A night`)],
      [
        `request --event ${eventId} --email nobody@example.org`,
        1,
        /Nobody is registered as nobody@example\.org/,
      ],
      [`request --event ${eventId} --email ${buyer.email} --quantity 9`, 1, /One buyer may hold 4 tickets/],
      ['request --type Gold', 2, /It must be VIP or Regular/],
      ['request --quantity 0', 2, /whole number from 1 to 32767/],
      ['availabilty', 2, /Did you mean availability\?/],
      ['tick --fast', 2, /unknown option '--fast'/],
      ['line', 2, /Usage: tixline line/],
      ['verify', 2, /TICK_INTERVAL_MS must be a whole number/, { TICK_INTERVAL_MS: 'often' }],
      [
        'verify',
        2,
        /database at 127\.0\.0\.1:1 cannot be reached/,
        { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/c' },
      ],
      ['tick', 2, /REDIS_URL\) does not answer/, { REDIS_URL: 'redis://127.0.0.1:1' }],
      ['seed', 2, /known password/, { NODE_ENV: 'production' }],
      ['seed --buyers 3', 2, /need --force/, { NODE_ENV: 'production' }],
    ];
    for (const [line, code, says, env] of cases) {
      const ended = await run(line, env);
      expect({ line, code: ended.code }).toEqual({ line, code });
      expect(ended.err).toMatch(says);
      expect(ended.err).not.toMatch(/\n +at /);
    }
    for (const line of ['availability --event 77 --json', '--json availability --event 77']) {
      expect((await run(line)).json()).toMatchObject({
        error: { code: 'unknown-event', message: expect.stringContaining('no event 77') },
      });
    }
    const shown = await run(`--json line show --event ${eventId}`);
    expect(shown.json()).toMatchObject({ lines: [{ event_id: eventId }] });
  }, 120_000);

  it('show, hold and free a line, and put everybody back in it', async () => {
    await run(`request --event ${eventId} --email ${buyer.email}`);
    const shown = await run(`line show --event ${eventId} --json`);
    expect(shown.json()).toMatchObject({
      lines: [{ event_id: eventId, paused: false, regular: { waiting: 2 } }],
    });
    const paused = await run('line pause');
    expect(paused.out).toMatch(/Paused/);
    const held = await run('tick');
    expect(held.out).toMatch(/Settled nothing[^]*the line is paused \(tixline line resume/);
    await run(`line resume --event ${eventId}`);

    await tixline.app.get(EventLines).queue(eventId).obliterate({ force: true });
    expect((await run('tick --json')).json()).toMatchObject({ settled: 0 });
    const requeued = await run('line requeue --json');
    expect(requeued.json<{ requeued: number }>().requeued).toBeGreaterThan(0);
    expect((await run('tick --json')).json<{ settled: number }>().settled).toBe(
      requeued.json<{ requeued: number }>().requeued,
    );
  }, 60_000);

  it('open an account with a role and the rules of every account', async () => {
    const create = (more: string) => run(`admin create --name Ada --email ada@example.org ${more}`);
    const weak = await create('--password short');
    expect(weak).toMatchObject({ code: 2, err: expect.stringContaining('password must be longer') });
    const piped = ['admin', 'create', '--name', 'Ada', '--email', 'ada@example.org'];
    const env = settingsOf(tixline);
    const none = await tixlineCommand(piped, { env });
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('--password-stdin') });
    const made = await tixlineCommand([...piped, '--role', 'organizer', '--password-stdin', '--json'], {
      env,
      input: 'a long enough one\n',
    });
    expect(made.json()).toMatchObject({ user: { email: 'ada@example.org', role: 'organizer' } });
    const again = await create('--password another-long-one');
    expect(again).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is an account with this e-mail'),
    });
    const body = { email: 'ada@example.org', password: 'a long enough one' };
    expect((await tixline.post('/api/auth/login', { body })).statusCode).toBe(200);
  }, 60_000);

  it('put in the demo, and buyers with one password', async () => {
    const seeded = await run('seed --buyers 3 --json');
    expect(seeded.json()).toMatchObject({ buyers: { added: 3, in_all: 3 }, people: [{}, {}, {}] });
    const more = await run('seed --buyers 5 --json');
    expect(more.json()).toMatchObject({ buyers: { added: 2, in_all: 5 } });
    const body = { email: 'buyer-5@load.test', password: seeded.json<{ password: string }>().password };
    expect((await tixline.post('/api/auth/login', { body })).statusCode).toBe(200);
  }, 60_000);

  it('migrate, rebuild and verify', async () => {
    const migrated = await run('migrate --json');
    expect(migrated.json<{ migrations: string[] }>().migrations[0]).toMatch(/^Line/);
    const rebuilt = await run('ledger rebuild --json');
    expect(rebuilt.json<{ rows: number }>().rows).toBeGreaterThan(0);
    const sound = await run('verify --strict');
    expect(sound).toMatchObject({ code: 0, err: '' });
    expect(sound.out).toMatch(/✓ +stock +\d+ +0[^]*All \d+ checks hold/);
    await tixline.sql(`UPDATE ticket_types SET remaining = remaining - 1 WHERE event_id = $1 AND tier = 2`, [
      eventId,
    ]);
    const broken = await run('verify');
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/✗ stock[^]*Regular[^]*1 of \d+ checks are broken/);
    const json = await tixlineCommand(['verify', '--json'], { env: settingsOf(tixline) });
    expect(json).toMatchObject({ code: 1, err: '' });
    expect(json.json()).toMatchObject({ ok: false });
  }, 60_000);

  it('help, each with an example', async () => {
    const help = await tixlineInProcess(['--help']);
    expect(help.code).toBe(0);
    const commands = [
      'availability',
      'request',
      'tick',
      'transactions',
      'verify',
      'seed',
      'migrate',
      'line show',
      'line pause',
    ];
    commands.push('line resume', 'line requeue', 'ledger rebuild', 'admin create');
    for (const command of commands) {
      expect(help.out).toContain(command.split(' ')[0]);
      const own = await tixlineInProcess([...command.split(' '), '--help']);
      expect(own.code).toBe(0);
      expect(own.out).toMatch(new RegExp(`Example:\\n +tixline ${command}`));
    }
  }, 60_000);
});

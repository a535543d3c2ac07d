import { VERIFY_CHECKS, type Verification } from '../../src/ledger';
import { buy } from '../support/orders';
import { eventually } from '../support/eventually';
import { problemIn } from '../support/problems';
import { Tixline, type Person } from '../support/tixline';

describe('an admin has the books proven over HTTP', () => {
  let tixline: Tixline;
  let admin: Person;
  beforeAll(async () => {
    tixline = await Tixline.start();
    admin = await tixline.person('admin');
    await buy(tixline, await tixline.peopleOf(5), await tixline.event({ regular: 10 }));
  });
  afterAll(() => tixline.stop());

  const verify = (of = tixline) => of.post('/api/verification', { as: admin });
  const broken = ({ checks }: Verification) =>
    checks.filter((check) => check.broken > 0).map(({ name }) => name);

  it('by all the checks of the command line, which hold', async () => {
    await tixline.ledger.catchUp();
    const answer = await verify();
    expect(answer.statusCode).toBe(200);
    const found = answer.json<Verification>();
    expect(found.ok).toBe(true);
    expect(found.checks.map(({ name, proves }) => ({ name, proves }))).toEqual(
      VERIFY_CHECKS.map(({ name, proves }) => ({ name, proves })),
    );
    expect(found.checks.map(({ not_checked }) => not_checked)).toEqual(VERIFY_CHECKS.map(() => null));
    expect(found.checks.find(({ name }) => name === 'stock')).toMatchObject({ counted: 1, broken: 0 });
    expect(found.ledger_file).toMatchObject({ path: tixline.ledger.path });
  });

  it('which find a seat that vanished, and say where', async () => {
    await tixline.sql(`UPDATE ticket_types SET remaining = remaining - 1`);
    try {
      const found = (await verify()).json<Verification>();
      expect(found.ok).toBe(false);
      expect(broken(found)).toEqual(['stock']);
      expect(found.checks[0]).toMatchObject({ broken: 1, rows: [{ capacity: 10, remaining: 4, live: 5 }] });
    } finally {
      await tixline.sql(`UPDATE ticket_types SET remaining = remaining + 1`);
    }
  });

  it('one at a time: a second is told so, and the next one runs', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const holding = tixline.database.transaction(async (client) => {
      await client.query('LOCK TABLE tickets IN ACCESS EXCLUSIVE MODE');
      await held;
    });
    try {
      const first = verify();
      await eventually(async () => {
        const { rows } = await tixline.sql(
          `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'tickets'::regclass`,
        );
        if (rows.length === 0) throw new Error('nobody waits for the table');
      });
      const second = await verify();
      expect(problemIn(second)).toEqual({ status: 409, code: 'verification-running' });
      expect(second.json()).toMatchObject({ detail: expect.stringMatching(/verifying the books already/) });
      release();
      expect((await first).json()).toMatchObject({ ok: true });
    } finally {
      release();
      await holding;
    }
    expect((await verify()).json()).toMatchObject({ ok: true });
  });

  it('also where a worker elsewhere keeps the file: that is said, and is no fault', async () => {
    const api = await Tixline.start({ databaseUrl: tixline.config.databaseUrl!, env: { ROLE: 'api' } });
    try {
      const found = (await verify(api)).json<Verification>();
      expect(found).toMatchObject({ ok: true, ledger_file: null });
      expect(found.checks.at(-1)).toMatchObject({
        name: 'csv',
        counted: 0,
        broken: 0,
        not_checked: expect.stringMatching(/transactions\.csv is not on this machine\. Run `tixline verify`/),
      });
      expect(found.checks.filter(({ not_checked }) => not_checked !== null)).toHaveLength(1);
    } finally {
      await api.stop();
    }
  });
});

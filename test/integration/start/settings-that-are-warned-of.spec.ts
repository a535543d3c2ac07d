import { eventually } from '../../support/eventually';
import { ownFolder, TixlineProcess } from '../../support/tixline-process';

describe('production starts with a warning', () => {
  const folder = ownFolder();
  afterAll(() => folder.remove());

  /** What it has said when it begins to wait for its database, which is not there. */
  const saidAtStart = async (settings: Record<string, string>) => {
    const tixline = await TixlineProcess.start(folder.path, {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      JWT_SECRET: 'pZ4vQ8rT1wXyB6nM9kLcD2fGhJ5sA7eU0iOq',
      ...settings,
    });
    try {
      await eventually(() => expect(tixline.out).toContain('cannot be reached'), 20_000);
      return tixline.out;
    } finally {
      await tixline.end();
    }
  };

  it.each([
    ['TRUST_PROXY', { TRUST_PROXY: 'true' }, { TRUST_PROXY: 'uniquelocal' }],
    ['RATE_LIMITS', { RATE_LIMITS: 'off' }, { RATE_LIMITS: 'on' }],
  ])('of %s, when it is what few want', async (name, warned, silent) => {
    expect(await saidAtStart(warned)).toContain(`${name}=`);
    expect(await saidAtStart(silent)).not.toContain(`${name}=`);
  });
});

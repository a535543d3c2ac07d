import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownFolder, TixlineProcess } from '../../support/tixline-process';

const SECRET = 'a secret for tests, long enough for anybody';
const isRoot = process.getuid?.() === 0;

describe('a data folder that cannot be written', () => {
  const folder = ownFolder();
  const file = join(folder.path, 'file');
  writeFileSync(file, 'not a folder');
  afterAll(() => folder.remove());

  const cases: [string, Record<string, string>][] = [
    ['a file in its place', { DATA_DIR: file }],
    ['a file on the way to it', { DATA_DIR: join(file, 'data') }],
    ['the same with a secret given', { DATA_DIR: file, JWT_SECRET: SECRET }],
    ['the same in production', { DATA_DIR: file, JWT_SECRET: SECRET, NODE_ENV: 'production' }],
  ];
  it.each(cases)('%s: one line with cause and cure, exit 1', async (_, settings) => {
    await refuses(settings, 'a file stands in its place');
  });

  (process.platform === 'linux' ? it : it.skip)('a file system that takes no folders', async () => {
    await refuses({ DATA_DIR: '/proc/tixline/data' }, 'ENOENT');
  });

  // Root may write everywhere.
  (isRoot ? it.skip : it)('a folder of somebody else', async () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    await refuses({ DATA_DIR: closed }, 'EACCES');
  });

  async function refuses(settings: Record<string, string>, cause: string): Promise<void> {
    const { code, out, err } = await (await TixlineProcess.start(folder.path, settings)).ended;
    expect(err.trim()).toBe(
      `Tixline did not start: the data folder ${settings['DATA_DIR']} cannot be written (${cause}). ` +
        'Make it a folder that this user may write in, or choose another: DATA_DIR=/path npm start.',
    );
    expect(out).toBe('');
    expect(code).toBe(1);
  }
});

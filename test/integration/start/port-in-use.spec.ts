import { createServer, type AddressInfo } from 'node:net';
import { ownDatabase } from '../../support/test-database';
import { ownFolder, TixlineProcess } from '../../support/tixline-process';

it('a port in use: one line that names it and another one, exit 1', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const [folder, database] = [ownFolder(), await ownDatabase()];
  try {
    const tixline = await TixlineProcess.start(folder.path, {
      PORT: String(port),
      DATABASE_URL: database.url,
    });
    const { code, err } = await tixline.ended;
    expect(err.trim()).toBe(
      `Tixline did not start: port ${port} is in use. Stop what uses it, or choose another: PORT=3001 npm start.`,
    );
    expect(code).toBe(1);
  } finally {
    other.close();
    folder.remove();
    await database.drop();
  }
});

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { isDatabaseAway } from '../../src/platform/database';

describe('a missing file', () => {
  it('is no database that is away', () => {
    let error: unknown;
    try {
      readFileSync('/there/is/no/such/file');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'ENOENT', syscall: 'open' });
    expect(isDatabaseAway(error)).toBe(false);
  });

  it('is one when it is the socket of the server', async () => {
    const error = await new Promise((settle) => connect('/there/is/no/such/socket').once('error', settle));
    expect(error).toMatchObject({ code: 'ENOENT', syscall: 'connect' });
    expect(isDatabaseAway(error)).toBe(true);
  });
});

import { JwtService } from '@nestjs/jwt';
import { Tixline } from '../support/tixline';

describe('an access token cannot be forged', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  const me = (token: string) => tixline.get('/api/me', { headers: { authorization: `Bearer ${token}` } });

  it('signed by another key, for another purpose, issuer, time or person, or not at all: 401', async () => {
    const { keys } = tixline.config;
    const { id } = await tixline.person();
    const sign = (
      more: object = {},
      typ = 'at+jwt',
      key: keyof typeof keys = 'access',
      claims: object = { role: 'admin' },
    ) =>
      new JwtService({ secretOrKeyProvider: () => keys[key] }).sign(claims, {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ },
        subject: String(id),
        issuer: 'tixline',
        audience: 'tixline-api',
        expiresIn: 60,
        ...more,
      });
    expect((await me(sign())).statusCode).toBe(200);
    const [head, body, signature] = sign().split('.');
    const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
    for (const token of [
      sign({ expiresIn: -1 }),
      sign({ notBefore: 60 }),
      sign({ issuer: 'else' }),
      sign({ audience: 'else' }),
      sign({ algorithm: 'HS512', header: { alg: 'HS512', typ: 'at+jwt' } }),
      sign({}, 'JWT'),
      sign({}, 'ticket+jwt'),
      sign({}, 'at+jwt', 'ticket'),
      sign({}, 'at+jwt', 'mark'),
      sign({}, 'at+jwt', 'access', { role: 'god' }),
      sign({ subject: 'ada' }),
      `${header({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
      `${header({ alg: 'HS256', typ: 'at+jwt', kid: '../../dev/null' })}.${body}.${signature}`,
      `${header({ alg: 'HS256', typ: 'at+jwt', crit: ['x'], x: 1 })}.${body}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}.${'A'.repeat(43)}`,
      'x'.repeat(100_000),
      '',
      'null',
    ]) {
      const answer = await me(token);
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
  });
});

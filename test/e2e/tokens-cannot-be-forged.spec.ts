import { generateKeyPairSync } from 'node:crypto';
import { buy } from '../support/orders';
import { headerOf, rsaTokenOf, seconds, tokenOf } from '../support/forge';
import { hashOfTables } from '../support/books';
import { problemIn } from '../support/problems';
import { Tixline, type Person } from '../support/tixline';

describe('an access token cannot be forged', () => {
  let tixline: Tixline;
  let admin: Person;
  let staff: Person;
  let qr: string;
  let boardPass: string;
  beforeAll(async () => {
    tixline = await Tixline.start();
    admin = await tixline.person('admin');
    staff = await tixline.person('staff');
    const [order] = await buy(tixline, [await tixline.person()], await tixline.event({ regular: 3 }));
    qr = order!.tickets[0]!.qr_token;
    const credentials = { email: 'root@example.org', password: 'correct horse battery' };
    await tixline.post('/api/auth/register', { body: { name: 'Root', ...credentials } });
    await tixline.sql(`UPDATE users SET role = 'admin' WHERE email = $1`, [credentials.email]);
    const { cookies } = await tixline.post('/api/auth/login', { body: credentials });
    boardPass = cookies.find(({ name }) => name === 'tixline_board')!.value;
  });
  afterAll(() => tixline.stop());

  const me = (token: string) => tixline.get('/api/me', { headers: { authorization: `Bearer ${token}` } });
  const board = (cookie: string) =>
    tixline.get('/admin/queues/api/queues', { headers: { cookie: `tixline_board=${cookie}` } });

  /** What our own signer writes, for an admin who exists; each case changes one thing of it. */
  const good = () => {
    const { access } = tixline.config.keys;
    const header = headerOf(access, 'at+jwt');
    const claims = {
      role: 'admin',
      sub: String(admin.id),
      iss: 'tixline',
      aud: 'tixline-api',
      iat: seconds(0),
      exp: seconds(60),
    };
    const sign = (otherHeader: object = {}, otherClaims: object = {}, key = access.signing.key) =>
      tokenOf({ ...header, ...otherHeader }, { ...claims, ...otherClaims }, key);
    return { access, header, claims, sign };
  };

  it('one put together by hand as ours is taken, so that the cases below fail for what they change', async () => {
    const { sign } = good();
    expect((await me(sign())).json()).toMatchObject({ id: admin.id, role: 'admin' });
    expect((await board(boardPass)).statusCode).toBe(200);
  });

  const CASES: Record<string, () => string> = {
    'alg none': () => unsigned({ alg: 'none' }),
    'alg None, in another spelling': () => unsigned({ alg: 'nOnE' }),
    'no alg': () => unsigned({ alg: undefined }),
    'an empty signature': () =>
      good()
        .sign()
        .replace(/\.[^.]*$/, '.'),
    'no signature part': () =>
      good()
        .sign()
        .replace(/\.[^.]*$/, ''),
    'a signature of zeros': () =>
      good()
        .sign()
        .replace(/\.[^.]*$/, `.${'A'.repeat(43)}`),
    'HS512 by our key': () => {
      const { header, claims, access } = good();
      return tokenOf({ ...header, alg: 'HS512' }, claims, access.signing.key, 'sha512');
    },
    'RS256 by a key of one’s own': () => {
      const { header, claims } = good();
      return rsaTokenOf({ ...header, alg: 'RS256' }, claims, RSA.privateKey);
    },
    'HS256 with a public key as the secret': () => {
      const { header, claims } = good();
      return tokenOf(header, claims, Buffer.from(RSA.publicKey));
    },
    'another key': () => good().sign({}, {}, tixline.config.keys.mark),
    'the key of tickets': () => good().sign({}, {}, tixline.config.keys.ticket.signing.key),
    'the key of tickets by its name': () =>
      good().sign({ kid: tixline.config.keys.ticket.signing.id }, {}, tixline.config.keys.ticket.signing.key),
    'no key at all as the key': () => {
      const { header, claims } = good();
      return tokenOf({ ...header, kid: 'nobody' }, claims, Buffer.alloc(0));
    },
    'a kid that is a file': () => {
      const { header, claims } = good();
      return tokenOf({ ...header, kid: '../../dev/null' }, claims, Buffer.alloc(0));
    },
    'a kid that is SQL': () => good().sign({ kid: `' UNION SELECT 'x` }),
    'a kid that every object has': () => good().sign({ kid: '__proto__' }),
    'a kid that is none': () => good().sign({ kid: undefined }),
    'a kid that is a list': () => good().sign({ kid: [good().access.signing.id] }),
    'jku to another host': () => good().sign({ jku: 'https://evil.example/keys.json' }),
    'x5u to another host': () => good().sign({ x5u: 'https://evil.example/cert.pem' }),
    'a key brought along': () => good().sign({ jwk: { kty: 'oct', k: 'AAAA' } }),
    'a critical extension we do not know': () => good().sign({ crit: ['exp2'], exp2: 1 }),
    'an empty list of them': () => good().sign({ crit: [] }),
    'compressed claims': () => good().sign({ zip: 'DEF' }),
    'typ JWT': () => good().sign({ typ: 'JWT' }),
    'typ ticket+jwt': () => good().sign({ typ: 'ticket+jwt' }),
    'no typ': () => good().sign({ typ: undefined }),
    expired: () => good().sign({}, { exp: seconds(-1) }),
    'no end': () => good().sign({}, { exp: undefined }),
    'an end that is no number': () => good().sign({}, { exp: '9999999999' }),
    'nbf in the future': () => good().sign({}, { nbf: seconds(60) }),
    'another issuer': () => good().sign({}, { iss: 'else' }),
    'another audience': () => good().sign({}, { aud: 'else' }),
    'no issuer': () => good().sign({}, { iss: undefined }),
    'a role there is not': () => good().sign({}, { role: 'god' }),
    'a subject that is no person': () => good().sign({}, { sub: 'ada' }),
    'a subject that is a list': () => good().sign({}, { sub: [String(admin.id)] }),
    'duplicate claims put in afterwards': () => {
      const [head, body, signature] = good().sign({}, { role: 'attendee' }).split('.');
      const claims = Buffer.from(body!, 'base64url').toString().replace(/\}$/, ',"role":"admin"}');
      return `${head}.${Buffer.from(claims).toString('base64url')}.${signature}`;
    },
    'a duplicate alg, none the last': () => {
      const { header, claims } = good();
      const twice = JSON.stringify(header).replace(/\}$/, ',"alg":"none"}');
      return `${encode(twice)}.${encode(JSON.stringify(claims))}.`;
    },
    'a megabyte of claims, signed': () => good().sign({}, { more: 'x'.repeat(1_000_000) }),
    'a megabyte of letters': () => 'x'.repeat(1_000_000),
    'a megabyte of dots': () => '.'.repeat(1_000_000),
    'claims that are a list': () => tokenOf(good().header, [good().claims], good().access.signing.key),
    'claims that are no JSON': () => tokenOf(good().header, 'claims', good().access.signing.key),
    'a header that is no JSON': () => tokenOf('header', good().claims, good().access.signing.key),
    'a header that is null': () => tokenOf('null', good().claims, good().access.signing.key),
    'the JSON form (RFC 7515, section 7.2)': () => {
      const [head, body, signature] = good().sign().split('.');
      return JSON.stringify({ protected: head, payload: body, signature });
    },
    'a QR code’s token': () => qr,
    'the board’s pass': () => boardPass,
    nothing: () => '',
    null: () => 'null',
  };

  it.each(Object.keys(CASES))('%s: 401', async (name) => {
    const before = await hashOfTables(tixline);
    const answer = await me(CASES[name]!());
    expect(problemIn(answer)).toEqual({ status: 401, code: 'sign-in-required' });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(await hashOfTables(tixline)).toBe(before);
  });

  it('a sign-in opens neither the door nor the board, and a QR is no pass', async () => {
    for (const token of [admin.token, boardPass]) {
      const seen = (await tixline.get(`/api/tickets/verify/${token}`, { as: staff })).json();
      expect(seen).toMatchObject({ valid: false, reason: 'unknown' });
      const entered = (await tixline.post(`/api/tickets/checkin/${token}`, { as: staff })).json();
      expect(entered).toMatchObject({ ok: false, reason: 'unknown' });
    }
    for (const token of [admin.token, qr, boardPass.slice(0, -2), 'x'.repeat(10_000)])
      expect(problemIn(await board(token)).status).toBe(401);
  });

  const unsigned = (change: object) => {
    const { header, claims } = good();
    return `${encode(JSON.stringify({ ...header, ...change }))}.${encode(JSON.stringify(claims))}.`;
  };
});

const RSA = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const encode = (text: string): string => Buffer.from(text).toString('base64url');

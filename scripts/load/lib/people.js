/** Who takes part: an admin who makes the event, and buyers. Their tokens are got in `setup()`. */
import { call } from './api.js';
import { ADMIN, PASSWORD } from './settings.js';

/** Sign-ins at the same time: a password's check costs the server a core for some milliseconds. */
const AT_ONCE = 16;
const SAY_EVERY_MS = 10_000;

const emailOf = (index) => `buyer-${index + 1}@load.test`;

/** Signs somebody in and answers their token. Throws, with what came instead, when they cannot. */
async function signIn(person) {
  const body = { email: person.email, password: person.password };
  const login = () => call('POST', '/api/auth/login', { body, name: 'login', expect: [200, 401] });
  let answer = await login();
  if (answer.status === 401 && person.name !== undefined) {
    await call('POST', '/api/auth/register', {
      body: { name: person.name, ...body },
      name: 'register',
      expect: [201, 409],
    });
    answer = await login();
  }
  if (answer.status !== 200)
    throw new Error(`${person.email} cannot sign in: ${answer.status} ${answer.body || answer.error}`);
  return answer.json('access_token');
}

/** An admin, signed in. */
export async function signInAdmin() {
  return { token: await signIn(ADMIN) };
}

/**
 * Signs in so many buyers, several at a time, says how far it is, and answers their tokens. Buyers who have no account
 * open one; `tixline seed --buyers` is faster.
 */
export async function signInBuyers(count) {
  const tokens = Array.from({ length: count });
  let next = 0;
  let saidAt = Date.now();
  const one = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      tokens[index] = await signIn({ email: emailOf(index), password: PASSWORD, name: `Buyer ${index + 1}` });
      if (Date.now() - saidAt < SAY_EVERY_MS) continue;
      saidAt = Date.now();
      console.info(`${next} of ${count} buyers have signed in`);
    }
  };
  const startedAt = Date.now();
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, one));
  console.info(`${count} buyers have signed in, in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  return tokens;
}

/**
 * The buyer with this number, counted from 0 and round again. `tokens` are what setup answered, of which each VU has a
 * copy; a token that has expired is renewed in it.
 */
export function buyerAt(tokens, number) {
  const index = number % tokens.length;
  return {
    get token() {
      return tokens[index];
    },
    async renew() {
      tokens[index] = await signIn({ email: emailOf(index), password: PASSWORD });
    },
  };
}

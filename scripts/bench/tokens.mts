/** Access tokens for people who never signed in: checking five thousand passwords would take minutes. */
import { createRequire } from 'node:module';

type Sign = (userId: number, role: 'attendee' | 'organizer') => string;

/** The product's own signer, with the settings of a server that was started with this environment. */
export function signerOf(environment: NodeJS.ProcessEnv): Sign {
  const load = createRequire(import.meta.url);
  const { loadConfig } = load('../../dist/config/index.js') as {
    loadConfig: (from: NodeJS.ProcessEnv) => unknown;
  };
  const { AccessTokens } = load('../../dist/platform/http/index.js') as {
    AccessTokens: new (config: unknown) => { sign: Sign };
  };
  const tokens = new AccessTokens(loadConfig(environment));
  return (userId, role) => tokens.sign(userId, role);
}

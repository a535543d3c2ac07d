/** So many at once, and then so many a minute: a token bucket for each of those it is kept for. */
export interface Rule {
  /** Part of the key under which processes share it: two rules never have the same. */
  readonly name: string;
  readonly by: 'address' | 'account' | 'event' | 'e-mail' | 'e-mail and address';
  readonly burst: number;
  readonly perMinute: number;
}

/**
 * How often one may call. Generous to people, also to a thousand of them behind one address of a university or a mobile
 * network; narrow where a password can be guessed or a processor kept busy. README.md shows them to operators.
 */
export const RULES = {
  /** All public routes of the API together. */
  visitor: { name: 'visitor', by: 'address', burst: 3_000, perMinute: 12_000 },
  /** All routes for people who are signed in together. A page that polls asks once a second at most. */
  account: { name: 'account', by: 'account', burst: 100, perMinute: 1_200 },
  ask: { name: 'ask', by: 'account', burst: 20, perMinute: 60 },
  askFromAddress: { name: 'ask-address', by: 'address', burst: 2_000, perMinute: 6_000 },
  /** One event's rush must leave room for the others. */
  askForEvent: { name: 'ask-event', by: 'event', burst: 40_000, perMinute: 1_200_000 },
  register: { name: 'register', by: 'address', burst: 300, perMinute: 60 },
  refresh: { name: 'refresh', by: 'address', burst: 3_000, perMinute: 3_000 },
  signIn: { name: 'sign-in', by: 'address', burst: 300, perMinute: 120 },
  /** Everything kept about a person, which is read row by row. */
  data: { name: 'data', by: 'account', burst: 10, perMinute: 6 },
  /** Given back when the password was right, so that only failures use them up. */
  guess: { name: 'guess', by: 'e-mail and address', burst: 10, perMinute: 2 },
  /** From all addresses together: a network of guessers. Wider, so that one of them alone cannot lock anybody out. */
  guessFromAnywhere: { name: 'guess-any', by: 'e-mail', burst: 100, perMinute: 10 },
} as const satisfies Record<string, Rule>;

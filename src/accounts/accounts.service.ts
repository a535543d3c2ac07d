import { Injectable } from '@nestjs/common';
import { Database, isUniqueViolation } from '../platform/database/index';
import { AccessTokens, Problem, tooMany, type Role } from '../platform/http/index';
import { RateLimits, RULES, type Rule } from '../platform/limits/index';
import { emailKey } from '../shared/email';
import type { LoginDto, RegisterDto, SessionDto, UserDto } from './accounts.dto';
import { Passwords } from './passwords';
import { Sessions } from './sessions';
import { User } from './user.entity';

/** What signing in gives: the answer's body, and the refresh token for the cookie. */
export interface SignedIn {
  readonly session: SessionDto;
  readonly refreshToken: string;
}

@Injectable()
export class Accounts {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
    private readonly accessTokens: AccessTokens,
    private readonly limits: RateLimits,
  ) {}

  /** Opens an account; an attendee's unless the caller is the command line. Throws `Problem` email-taken. */
  async register(person: RegisterDto, role: Role = 'attendee'): Promise<UserDto> {
    const passwordHash = await this.passwords.hash(person.password);
    const email = person.email.trim();
    try {
      const { rows } = await this.database.query<UserDto>(
        `INSERT INTO users (name, email, email_key, password_hash, role) VALUES ($1, $2, $3, $4, $5)
         RETURNING id, name, email, role`,
        [person.name.trim(), email, emailKey(email), passwordHash, role],
      );
      return rows[0]!;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new Problem('email-taken', 'Sign in instead, or use another e-mail.');
    }
  }

  /**
   * Signs in somebody who calls from `address`. Throws `Problem` wrong-credentials, the same and after the same time
   * whether the account exists or not, and too-many-requests after too many wrong ones, without looking.
   */
  async login({ email, password }: LoginDto, address: string): Promise<SignedIn> {
    const key = emailKey(email);
    const guesses = await this.takeGuesses(key, address);
    const user = await this.database.repository(User).findOne({
      where: { emailKey: key, active: true },
      select: { ...PUBLIC_FIELDS, passwordHash: true },
    });
    const fits = await this.passwords.matches(password, user?.passwordHash);
    if (!fits || user === null) throw wrongCredentials();
    await this.giveBack(guesses);
    if (this.passwords.isWeak(user.passwordHash)) await this.hashAnew(user.id, user.passwordHash, password);
    const refreshToken = await this.sessions.begin(user.id);
    // Closed or erased while the password was looked at.
    if (refreshToken === undefined) throw wrongCredentials();
    return { session: this.session(user), refreshToken };
  }

  /** Goes on with a session by its refresh token. Throws `Problem` session-over. */
  async refresh(token: string | undefined): Promise<SignedIn> {
    const next = token === undefined ? undefined : await this.sessions.renew(token);
    if (next === undefined) throw new Problem('session-over');
    return { session: this.session(next.user), refreshToken: next.token };
  }

  /** Ends a session; nothing happens when it is over already. */
  async logout(token: string | undefined): Promise<void> {
    if (token !== undefined) await this.sessions.end(token);
  }

  /** The account with this id. Throws `Problem` sign-in-required when it is gone or closed. */
  async find(userId: number): Promise<UserDto> {
    const user = await this.database
      .repository(User)
      .findOne({ where: { id: userId, active: true }, select: PUBLIC_FIELDS });
    if (user === null) throw new Problem('sign-in-required', 'This account is closed.');
    return publicUser(user);
  }

  /**
   * Makes sure that it is this person who calls from `address`, and not somebody at their device: counts as an attempt to
   * sign in. Throws `Problem` wrong-password, sign-in-required when the account is gone, too-many-requests as `login` does.
   */
  async confirm(userId: number, password: string, address: string): Promise<void> {
    const user = await this.database
      .repository(User)
      .findOne({ where: { id: userId, active: true }, select: { emailKey: true, passwordHash: true } });
    if (user === null) throw new Problem('sign-in-required', 'This account is closed.');
    const guesses = await this.takeGuesses(user.emailKey, address);
    if (!(await this.passwords.matches(password, user.passwordHash))) {
      throw new Problem('wrong-password', 'Check the password and try again.', {
        errors: [{ pointer: '/password', message: 'password is wrong' }],
      });
    }
    await this.giveBack(guesses);
  }

  /**
   * Counted before the password is looked at, and given back when it was right: however many come at once, no more than
   * the limit are looked at.
   */
  private async takeGuesses(key: string, address: string): Promise<{ rule: Rule; who: string }[]> {
    const guesses = [
      { rule: RULES.guess, who: `${key} ${address}` },
      { rule: RULES.guessFromAnywhere, who: key },
    ];
    for (const [i, { rule, who }] of guesses.entries()) {
      const wait = await this.limits.take(rule, who);
      if (wait === 0) continue;
      await this.giveBack(guesses.slice(0, i));
      throw tooMany(wait, 'Too many attempts to sign in.');
    }
    return guesses;
  }

  /** Nothing happens when the password was changed meanwhile. */
  private async hashAnew(userId: number, old: string, password: string): Promise<void> {
    const passwordHash = await this.passwords.hash(password);
    await this.database.query(`UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2`, [
      userId,
      old,
      passwordHash,
    ]);
  }

  private async giveBack(uses: readonly { rule: Rule; who: string }[]): Promise<void> {
    for (const { rule, who } of uses) await this.limits.giveBack(rule, who);
  }

  private session(user: User | UserDto): SessionDto {
    return {
      access_token: this.accessTokens.sign(user.id, user.role),
      token_type: 'bearer',
      expires_in: this.accessTokens.lifetimeSeconds(user.role),
      user: publicUser(user),
    };
  }
}

function wrongCredentials(): Problem {
  return new Problem('wrong-credentials', 'Check the e-mail and the password and try again.');
}

const PUBLIC_FIELDS = { id: true, name: true, email: true, role: true } as const;

function publicUser({ id, name, email, role }: UserDto): UserDto {
  return { id, name, email, role };
}

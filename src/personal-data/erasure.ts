import { Injectable } from '@nestjs/common';
import { Accounts } from '../accounts/index';
import { Database } from '../platform/database/index';
import { AccessTokens, Problem, type Identity, type Role } from '../platform/http/index';
import { Turns } from '../shared/turns';
import { ERASURE } from './erasure.sql';
import { release } from './release';

/** Erasures at once: each may hold a connection for seconds, and others need some of the pool, too. */
const AT_ONCE = 2;
const WAITING = 100;
const WAIT_MS = 2_000;

/** Erasing a person: nothing is left but a number, and the books stay balanced. */
@Injectable()
export class Erasure {
  private readonly turns = new Turns(
    AT_ONCE,
    { waiting: WAITING, waitMs: WAIT_MS },
    () =>
      new Problem('unavailable', 'Too many people are leaving at once. Try again shortly.', {
        retryAfterSeconds: 3,
      }),
  );

  constructor(
    private readonly accounts: Accounts,
    private readonly accessTokens: AccessTokens,
    private readonly database: Database,
  ) {}

  /**
   * Erases this person, in one transaction; the same again does nothing. Throws `Problem` wrong-password,
   * too-many-requests, sign-in-required when it has been done, last-admin for the only administrator, and unavailable when
   * others who leave take too long.
   */
  async erase(me: Identity, password: string, address: string): Promise<void> {
    const { userId } = me;
    await this.accounts.confirm(userId, password, address);
    await this.turns.take(() => this.eraseAtOnce(userId));
    // The other processes learn of it within half a second (EndedAccounts).
    this.accessTokens.endAllOf(userId);
  }

  private eraseAtOnce(userId: number): Promise<void> {
    return this.database.transaction(async (client) => {
      const admins = await client.query(ERASURE.holdAdmins, [userId]);
      const { rows } = await client.query<{ role: Role }>(ERASURE.hold, [userId]);
      const [person] = rows;
      if (person === undefined) return;
      // None are held when they became one just now: who asks again is told rightly.
      if (person.role === 'admin' && admins.rowCount! < 2)
        throw new Problem('last-admin', 'Make somebody else an administrator first.');
      await release(client, userId);
      await client.query(ERASURE.erase, [userId]);
      await client.query(ERASURE.forgetSessions, [userId]);
    });
  }
}

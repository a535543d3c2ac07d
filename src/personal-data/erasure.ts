import { Injectable } from '@nestjs/common';
import { Accounts } from '../accounts/index';
import { Database } from '../platform/database/index';
import { AccessTokens, Problem, type Identity, type Role } from '../platform/http/index';
import { ERASURE } from './erasure.sql';
import { release } from './release';

/** Erasing a person: nothing is left but a number, and the books stay balanced. */
@Injectable()
export class Erasure {
  constructor(
    private readonly accounts: Accounts,
    private readonly accessTokens: AccessTokens,
    private readonly database: Database,
  ) {}

  /**
   * Erases this person, in one transaction; the same again does nothing. Throws `Problem` wrong-password,
   * too-many-requests, sign-in-required when it has been done, and last-admin for the only administrator.
   */
  async erase(me: Identity, password: string, address: string): Promise<void> {
    const { userId } = me;
    await this.accounts.confirm(userId, password, address);
    await this.database.transaction(async (client) => {
      await client.query(ERASURE.holdSessions, [userId]);
      const { rows } = await client.query<{ role: Role }>(ERASURE.hold, [userId]);
      const [person] = rows;
      if (person === undefined) return;
      if (person.role === 'admin') {
        const admins = await client.query(ERASURE.holdAdmins);
        if (admins.rowCount === 1)
          throw new Problem('last-admin', 'Make somebody else an administrator first.');
      }
      await release(client, userId);
      await client.query(ERASURE.erase, [userId]);
      await client.query(ERASURE.forgetSessions, [userId]);
    });
    // The other processes learn of it within half a second (EndedAccounts).
    this.accessTokens.endAllOf(userId);
  }
}

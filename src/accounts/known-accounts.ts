/** Accounts for operators: looked up by e-mail, and put in many at once for a demo or a load test. */
import type { PoolClient } from 'pg';
import type { Database } from '../platform/database/index';
import type { Role } from '../platform/http/index';
import { emailKey } from '../shared/email';

export interface KnownAccount {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** False when the account is closed. */
  readonly active: boolean;
}

/** The accounts with these e-mails, closed ones too, in the order in which they were opened. */
export async function accountsOf(database: Database, emails: readonly string[]): Promise<KnownAccount[]> {
  const { rows } = await database.query<KnownAccount>(
    `SELECT id, name, email, role, active FROM users WHERE email_key = ANY ($1) ORDER BY id`,
    [emails.map(emailKey)],
  );
  return rows;
}

/** Opens accounts that share one password, within the caller's transaction. Those that are there stay as they are. */
export async function putInPeople(
  client: PoolClient,
  people: readonly Pick<KnownAccount, 'name' | 'email' | 'role'>[],
  passwordHash: string,
): Promise<void> {
  for (const { name, email, role } of people) {
    await client.query(
      `INSERT INTO users (name, email, email_key, password_hash, role) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [name, email, emailKey(email), passwordHash, role],
    );
  }
}

/**
 * Purpose  accounts for load tests, all with one password
 * $1, $2   number of the first and of the last   $3 the password's hash
 * Returns  nothing; those that are there already stay as they are
 */
const ADD_BUYERS = `
  INSERT INTO users (name, email, email_key, password_hash)
  SELECT 'Buyer ' || n, 'buyer-' || n || '@load.test', 'buyer-' || n || '@load.test', $3
    FROM generate_series($1::int, $2::int) AS n
   WHERE NOT EXISTS (SELECT FROM users u WHERE u.email_key = 'buyer-' || n || '@load.test')
      ON CONFLICT DO NOTHING`;

/** Opens the accounts buyer-`first`@load.test to buyer-`last`@load.test. Answers how many were not there yet. */
export async function putInBuyers(
  database: Database,
  first: number,
  last: number,
  passwordHash: string,
): Promise<number> {
  return (await database.query(ADD_BUYERS, [first, last, passwordHash])).rowCount ?? 0;
}

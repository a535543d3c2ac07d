import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Database } from '../database/index';
import { markOf } from '../../shared/standing-id';

/**
 * Purpose  the key that is kept under a name; the first to ask decides which it is
 * $1       name   $2 the key to keep when there is none
 * Returns  one row { key }; two who are first together get the same one, the second after one look more
 */
const KEEP_KEY = `
  WITH made AS (INSERT INTO kept_keys (name, key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING key)
  SELECT key FROM made UNION ALL SELECT key FROM kept_keys WHERE name = $1`;

/** The marks of buyers: a keyed hash each, the last 16 digits of all their request ids. Only we can make them. */
export class Marks {
  private constructor(private readonly key: KeyObject) {}

  /**
   * With the key that the database keeps. It is `first` at the first start and the same ever after, whatever becomes of
   * the secret: with another key nobody's place in line would be theirs any more.
   */
  static async kept(database: Database, first: KeyObject): Promise<Marks> {
    for (;;) {
      const { rows } = await database.query<{ key: Buffer }>(KEEP_KEY, ['mark', first.export()]);
      if (rows[0] !== undefined) return new Marks(createSecretKey(rows[0].key));
    }
  }

  of(userId: number): string {
    return markOf(createHmac('sha256', this.key).update(`user ${userId}`).digest());
  }
}

import type { PoolClient } from 'pg';
import { LEAVE_LINE } from './intake.sql';

/**
 * Purpose  whoever of one person waits, locked, so that no settlement decides meanwhile
 * $1 user id
 * Returns  ids, in the order in which a settlement locks them: by event, VIPs first, by place
 */
const WAITING_OF = `
  SELECT id FROM ticket_requests WHERE user_id = $1 AND status = 'queued' ORDER BY id FOR UPDATE`;

/** Takes every waiting request of this person out of its line within the caller's transaction. */
export async function leaveEveryLine(client: PoolClient, userId: number): Promise<void> {
  const { rows } = await client.query<{ id: string }>(WAITING_OF, [userId]);
  // All at once: whoever settles these lines waits for it.
  await client.query(LEAVE_LINE, [rows.map(({ id }) => id), userId]);
}

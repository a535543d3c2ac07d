import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from './stage';

/** Longer than a worker waits between two ticks, shorter than a tick waits for one event. */
const HELD_MS = 600;

/**
 * Does something while workers are in the middle of a settlement, permits in their hands and a transaction open: most of
 * the time they are between two. What `work` began is answered once they go on, `forMs` later.
 */
export async function midSettlement<T>(
  { pool }: Stage,
  event: number,
  work: () => Promise<T>,
  forMs = 0,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM lines WHERE event_id = $1 FOR UPDATE', [event]);
    await delay(HELD_MS);
    const working = work();
    await delay(forMs);
    await client.query('ROLLBACK');
    return await working;
  } finally {
    client.release();
  }
}

import type { PoolClient } from 'pg';
import { BEGIN_LINE, STEER_LINE } from './line.sql';

/** Makes the line of a new event, within the transaction that makes the event. `pace`: requests per second, or null. */
export async function beginLine(client: PoolClient, eventId: number, pace: number | null): Promise<void> {
  await client.query(BEGIN_LINE, [eventId, pace]);
}

/** Sets the pace, as `Line.steer` does, within the transaction that changes the event. The boards hear of it. */
export async function setPace(client: PoolClient, eventId: number, pace: number | null): Promise<void> {
  await client.query(STEER_LINE, [eventId, true, pace, null]);
}

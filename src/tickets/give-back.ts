import type { PoolClient } from 'pg';
import { returnStock } from '../inventory/index';
import { Problem } from '../platform/http/index';
import { CANCEL_ORDER } from './tickets.sql';

interface ClaimedOrder {
  event_id: number;
  ticket_type_id: number;
  quantity: number;
  first_number: number;
}

/**
 * Gives an order of this person back within the caller's transaction, once: its tickets are void and its seats on the
 * shelf again. Nothing happens when it was given back before or is not theirs. Throws `Problem` ticket-used when one of
 * its tickets has been let in; what it did until then is for the caller to roll back.
 */
export async function giveBack(client: PoolClient, orderId: string, userId: number): Promise<void> {
  const { rows } = await client.query<ClaimedOrder>(CANCEL_ORDER.claim, [orderId, userId]);
  const [order] = rows;
  if (order === undefined) return;
  const lastNumber = order.first_number + order.quantity - 1;
  const voided = await client.query(CANCEL_ORDER.void, [order.event_id, order.first_number, lastNumber]);
  if (voided.rowCount !== order.quantity) {
    throw new Problem('ticket-used', 'Somebody has gone in with it, so the order cannot be given back.');
  }
  // Stock before holdings, as the settlement locks them: the other way round the two could wait for each other.
  await returnStock(client, order.ticket_type_id, order.quantity);
  await client.query(CANCEL_ORDER.record, [orderId, userId]);
}

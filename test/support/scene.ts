import { buy } from './orders';
import { Tixline, type Person } from './tixline';

/** One of everything, so that every route has something to work on and somebody who must not. */
export interface Scene {
  readonly tixline: Tixline;
  readonly organizer: Person;
  readonly otherOrganizer: Person;
  readonly admin: Person;
  readonly staff: Person;
  readonly buyer: Person;
  readonly stranger: Person;
  readonly eventId: number;
  readonly draftId: number;
  readonly typeId: number;
  /** The buyer's request that waits. */
  readonly waitingId: string;
  /** The buyer's order, with one ticket. */
  readonly orderId: string;
  readonly ticketId: string;
  readonly qrToken: string;
}

export async function setScene(): Promise<Scene> {
  const tixline = await Tixline.start();
  const [organizer, otherOrganizer] = (await tixline.peopleOf(2, 'organizer')) as [Person, Person];
  const [buyer, stranger] = (await tixline.peopleOf(2)) as [Person, Person];
  const eventId = await tixline.event({ vip: 10, regular: 10 });
  const draftId = await tixline.event({ regular: 10 });
  await tixline.sql(`UPDATE events SET organizer_id = $1`, [organizer.id]);
  await tixline.sql(`UPDATE events SET state = 'draft' WHERE id = $1`, [draftId]);
  const types = await tixline.sql<{ id: number }>(
    `SELECT id FROM ticket_types WHERE event_id = $1 AND tier = 2`,
    [eventId],
  );
  const [order] = await buy(tixline, [buyer], eventId);
  const waiting = await tixline.ask(buyer, eventId);
  return {
    tixline,
    organizer,
    otherOrganizer,
    admin: await tixline.person('admin'),
    staff: await tixline.person('staff'),
    buyer,
    stranger,
    eventId,
    draftId,
    typeId: types.rows[0]!.id,
    waitingId: waiting.json<{ request_id: string }>().request_id,
    orderId: order!.id,
    ticketId: order!.tickets[0]!.id,
    qrToken: order!.tickets[0]!.qr_token,
  };
}

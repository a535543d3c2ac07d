import type { Member } from './member';
import type { Buyer } from './stage';

/** One request for one Regular ticket at one API, and what came of it. */
export async function ask(
  { url }: Member,
  { token }: Buyer,
  event: number,
  key: string,
): Promise<{ status: number; id: string | undefined }> {
  const answer = await fetch(`${url}/api/ticket-requests`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ event_id: event, ticket_type: 'Regular' }),
  });
  const { request_id: id } = (await answer.json()) as { request_id?: string };
  return { status: answer.status, id };
}

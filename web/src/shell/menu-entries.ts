import type { Role, Session } from '../server/session';
import { apiReference } from './api-reference';

export interface MenuEntry {
  readonly to: string;
  readonly label: string;
  /** A page of the server's own, outside this client. */
  readonly served?: boolean;
  readonly roles?: readonly Role[];
}

const API: readonly MenuEntry[] =
  apiReference === undefined ? [] : [{ to: apiReference, label: 'API', served: true, roles: ['admin'] }];

const ENTRIES: readonly MenuEntry[] = [
  { to: '/', label: 'Events' },
  { to: '/tickets', label: 'My tickets', roles: ['attendee', 'staff', 'organizer', 'admin'] },
  { to: '/door', label: 'Door', roles: ['staff', 'admin'] },
  { to: '/manage', label: 'Manage', roles: ['organizer', 'admin'] },
  { to: '/admin/queues', label: 'Queues', served: true, roles: ['admin'] },
  ...API,
];

/** The pages that the person of this session can use. */
export function menuFor(session: Session): MenuEntry[] {
  return ENTRIES.filter(
    ({ roles }) =>
      roles === undefined || (session.state === 'signed-in' && roles.includes(session.person.role)),
  );
}

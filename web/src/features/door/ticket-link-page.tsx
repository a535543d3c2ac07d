import { Button } from '@mantine/core';
import { IconQrcode } from '@tabler/icons-react';
import { Link, Navigate, useParams } from 'react-router';
import { Message } from '../../shell/message';
import { usePageTitle } from '../../shell/page-title';
import { useSession } from '../../shell/use-session';

/** Where a ticket's QR code leads: staff to the door page, everybody else to a word on what it is for. */
export function TicketLinkPage() {
  usePageTitle('Ticket');
  const { token = '' } = useParams();
  const session = useSession();
  if (session.state === 'unknown') return null;
  if (session.state === 'signed-in' && ['staff', 'admin'].includes(session.person.role)) {
    return <Navigate to="/door" replace state={{ token }} />;
  }
  return (
    <Message
      icon={IconQrcode}
      title="This is a ticket"
      text="Show this QR code at the door: the staff scan it there. Opening it here changes nothing."
    >
      <Button component={Link} to="/tickets">
        See my tickets
      </Button>
    </Message>
  );
}

import { Skeleton } from '@mantine/core';
import { IconQrcodeOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Ticket } from '../../server/model';
import { qrQuery } from '../../server/queries';

/** The ticket's QR code. Its route wants the token, which an image address cannot carry; so it is fetched and shown inline. */
export function QrImage({ ticket, className }: { ticket: Ticket; className: string | undefined }) {
  // The code inside ends after a day: a page that comes back into sight gets a fresh one.
  const qr = useQuery({ ...qrQuery(ticket.id), refetchOnWindowFocus: true });
  if (qr.isSuccess) {
    return (
      <img
        className={className}
        alt={`QR code of ticket ${ticket.code}`}
        src={`data:image/svg+xml,${encodeURIComponent(qr.data)}`}
      />
    );
  }
  if (qr.isError)
    return (
      <IconQrcodeOff
        size={64}
        stroke={1.2}
        aria-label="The QR code did not load. Check your connection and open this page again."
      />
    );
  return <Skeleton className={className} aria-label="Loading the QR code" />;
}

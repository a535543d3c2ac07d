import { Badge } from '@mantine/core';
import {
  IconBan,
  IconCalendarOff,
  IconCircleCheck,
  IconClock,
  IconFlame,
  IconLock,
  IconPencil,
  IconTicketOff,
  type Icon,
} from '@tabler/icons-react';
import type { TicketedEvent } from '../../server/model';
import { fromNow } from '../../shell/words';
import { opensAt, type SaleState } from './sale-state';

const LOOKS: Record<SaleState, [label: string, color: string, icon: Icon]> = {
  draft: ['Draft', 'gray', IconPencil],
  opens: ['Opens', 'indigo', IconClock],
  open: ['On sale', 'green', IconCircleCheck],
  few: ['Few left', 'amber', IconFlame],
  sold_out: ['Sold out', 'red', IconTicketOff],
  closed: ['Sale closed', 'gray', IconLock],
  over: ['Over', 'gray', IconCalendarOff],
  cancelled: ['Cancelled', 'red', IconBan],
};

/** The state of a sale as icon and word. */
export function SaleBadge({ event, state, now }: { event: TicketedEvent; state: SaleState; now: number }) {
  const [label, color, Picture] = LOOKS[state];
  return (
    <Badge
      variant="light"
      color={color}
      size="lg"
      tt="none"
      fw={600}
      leftSection={<Picture size={15} aria-hidden />}
      className="badge"
      data-color={color}
    >
      {state === 'opens' ? `Opens ${fromNow(opensAt(event), now)}` : label}
    </Badge>
  );
}

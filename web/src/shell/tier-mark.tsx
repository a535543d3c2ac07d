import { Badge } from '@mantine/core';
import { IconStarFilled, IconTicket } from '@tabler/icons-react';
import type { Tier } from '../server/model';

/** The tier as icon and word; VIP in ticket amber. */
export function TierMark({ tier, size = 'md' }: { tier: Tier; size?: 'md' | 'lg' }) {
  const vip = tier === 'VIP';
  const Picture = vip ? IconStarFilled : IconTicket;
  return (
    <Badge
      variant="light"
      color={vip ? 'amber' : 'gray'}
      tt="none"
      fw={640}
      size={size}
      leftSection={<Picture size={12} aria-hidden />}
    >
      {tier}
    </Badge>
  );
}

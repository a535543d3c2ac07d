import { REGULAR, tierName, VIP, type Tier, type TierName } from '../shared/tier';
import type { EventShelf } from '../events/index';
import { findEvent, nameOf } from './find-event';
import { paint, type Page } from './page';
import { table } from './table';
import type { Task } from './task';
import { harmless } from './text-width';

interface Options {
  readonly event: number;
}

/** As GET /api/availability answers, and whose it is. */
interface Availability {
  readonly event_id: number;
  readonly event: { readonly code: string; readonly name: string; readonly state: string };
  readonly vip_left: number;
  readonly regular_left: number;
  readonly ticket_types: readonly {
    id: number;
    name: string;
    tier: TierName;
    capacity: number;
    remaining: number;
  }[];
}

const BAR = 24;

export const availability: Task<Options, Availability> = {
  needs: 'records',
  work: async (tixline, { event }) => answer(await findEvent(tixline, event)),
  show,
};

function answer({ id, code, name, state, types }: EventShelf): Availability {
  const left = (tier: Tier) => types.find((type) => type.tier === tier)?.remaining ?? 0;
  return {
    event_id: id,
    event: { code, name, state },
    vip_left: left(VIP),
    regular_left: left(REGULAR),
    ticket_types: types.map((type) => ({ ...type, tier: tierName(type.tier) })),
  };
}

function show({ event, ticket_types: types }: Availability, page: Page): string {
  const rows = table(
    types,
    [
      { title: 'Type', cell: ({ name }) => name, flexible: true },
      { title: 'Left', cell: ({ remaining }) => remaining, align: 'right' },
      { title: 'Sold', cell: ({ capacity, remaining }) => capacity - remaining, align: 'right' },
      { title: 'Capacity', cell: ({ capacity }) => capacity, align: 'right' },
      { title: '', cell: bar, optional: true, style: ({ tier }) => (tier === 'VIP' ? 'yellow' : 'blue') },
    ],
    page,
  );
  return `${paint(page, 'bold', harmless(nameOf(event)))} · ${event.state}\n\n${rows}`;
}

/** What is left as a part of the whole; a single seat shows, and a single seat sold too. */
function bar({ capacity, remaining }: { capacity: number; remaining: number }): string {
  const share = capacity === 0 ? 0 : (remaining / capacity) * BAR;
  const full = share > 0 && share < 1 ? 1 : Math.floor(share);
  return '█'.repeat(full) + '░'.repeat(BAR - full);
}

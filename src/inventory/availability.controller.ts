import { Controller, Get, Header, Query } from '@nestjs/common';

import { LineBoard } from '../line/index';
import { Operation, Problem } from '../platform/http/index';
import { REGULAR, tierName, VIP, type Tier } from '../shared/tier';
import { AvailabilityDto, AvailabilityQueryDto } from './availability.dto';

@Controller('api/availability')
export class AvailabilityController {
  constructor(private readonly board: LineBoard) {}

  /** What is left, to the second. Costs no query: everybody may ask as often as they like. */
  @Get()
  @Header('Cache-Control', 'public, max-age=1')
  @Operation('getAvailability', { tag: 'Events', for: 'everyone', problems: ['invalid-body', 'not-found'] })
  async get(@Query() { event_id }: AvailabilityQueryDto): Promise<AvailabilityDto> {
    const board = await this.board.get(event_id);
    if (board === undefined || board.state === 'draft')
      throw new Problem('not-found', 'There is no such event.');
    const left = (tier: Tier) => board.types.find((type) => type.tier === tier)?.remaining ?? 0;
    return {
      event_id,
      vip_left: left(VIP),
      regular_left: left(REGULAR),
      ticket_types: board.types.map(({ id, name, tier, capacity, remaining }) => ({
        id,
        name,
        tier: tierName(tier),
        capacity,
        remaining,
      })),
      state: board.state,
      sale_opens_at: timeOf(board.opensAtMs),
      sale_closes_at: timeOf(board.closesAtMs),
    };
  }
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

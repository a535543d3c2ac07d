import { Body, Controller, Get, Header, Param, Patch } from '@nestjs/common';

import { IdPipe, Me, Operation, Problem, type Identity } from '../platform/http/index';
import { waitingIn, type TierLine } from '../shared/position';
import type { EventBoard } from './event-board';
import { LineBoard } from './line-board';
import { LineDto, SteerLineDto, type TierLineDto } from './line.dto';
import { Line } from './line.service';

@Controller('api/events')
export class LineController {
  constructor(
    private readonly board: LineBoard,
    private readonly line: Line,
  ) {}

  /** The line of an event: a few numbers, the same for everybody, so that a CDN can carry any number of waiting people. */
  @Get(':id/line')
  @Header('Cache-Control', 'public, max-age=1')
  @Operation('getLine', { tag: 'The line', for: 'everyone', problems: ['not-found'] })
  async get(@Param('id', IdPipe) id: number): Promise<LineDto> {
    const board = this.board.peek(id) ?? (await this.board.get(id));
    if (board === undefined || board.state === 'draft')
      throw new Problem('not-found', 'There is no such event.');
    return lineAnswer(board);
  }

  /** Pause, resume, or set the pace, while the line runs. */
  @Patch(':id/line')
  @Operation('steerLine', { tag: 'Organising', for: 'organizer', problems: ['invalid-body', 'not-found'] })
  async steer(
    @Param('id', IdPipe) id: number,
    @Body() body: SteerLineDto,
    @Me() me: Identity,
  ): Promise<LineDto> {
    const board = await this.board.get(id);
    if (me.role !== 'admin' && board?.organizerId !== me.userId)
      throw new Problem('not-found', 'There is no such event.');
    return lineAnswer(await this.line.steer(id, body));
  }
}

function lineAnswer(board: EventBoard): LineDto {
  return {
    event_id: board.eventId,
    vip: tierAnswer(board.vip),
    regular: tierAnswer(board.regular),
    settled_per_second: board.settledPerSecond,
    pace: board.pace,
    paused: board.paused,
    updated_at: new Date(board.changedAtMs).toISOString(),
  };
}

function tierAnswer(line: TierLine): TierLineDto {
  return { last_place: line.lastPlace, served_place: line.servedPlace, waiting: waitingIn(line) };
}

import { Readable } from 'node:stream';
import { Body, Controller, Delete, Get, HttpCode, Req, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionCookies } from '../accounts/index';
import { Me, networkOf, Operation, type Identity } from '../platform/http/index';
import { RULES } from '../platform/limits/index';
import { Erasure } from './erasure';
import { EraseDto, MyDataDto } from './personal-data.dto';
import { PersonalData } from './personal-data';

@Controller('api/auth/me')
export class PersonalDataController {
  constructor(
    private readonly data: PersonalData,
    private readonly erasure: Erasure,
    private readonly cookies: SessionCookies,
  ) {}

  /** Everything kept about you, as one file. */
  @Get('data')
  @Operation('exportMyData', { tag: 'Accounts', for: 'signed-in', limits: [RULES.data] })
  @ApiOkResponse({ type: MyDataDto })
  async export(@Me() me: Identity, @Res() reply: FastifyReply): Promise<void> {
    const pieces = await this.data.of(me);
    await reply
      .header('Cache-Control', 'no-store')
      .header('Content-Disposition', 'attachment; filename="tixline-data.json"')
      .type('application/json; charset=utf-8')
      .send(Readable.from(pieces));
  }

  /**
   * Erase yourself, for good. Your e-mail, name and password are gone, every session is over, waiting requests are
   * cancelled, and tickets for events that have not begun are cancelled and go to others, unless somebody has gone in with
   * their order. What was sold stays in the books under your number. The e-mail may register again as somebody new. Events
   * that you organise stay, with the administrators.
   */
  @Delete()
  @HttpCode(204)
  @Operation('eraseMe', { tag: 'Accounts', for: 'signed-in', problems: ['wrong-password', 'last-admin'] })
  async erase(
    @Body() { password }: EraseDto,
    @Me() me: Identity,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.erasure.erase(me, password, networkOf(request));
    this.cookies.clear(reply);
  }
}

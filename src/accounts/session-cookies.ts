import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index';
import { clearCookie, readCookie, setCookie } from '../platform/http/index';
import type { UserDto } from './accounts.dto';
import { BoardPass } from './board-pass';
import { REFRESH_DAYS } from './sessions';

const COOKIE = 'tixline_refresh';
const COOKIE_PATH = '/api/auth';

/** The cookies of somebody who is signed in: the refresh token, and an admin's pass to Bull Board. */
@Injectable()
export class SessionCookies {
  constructor(
    private readonly boardPass: BoardPass,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  read(request: FastifyRequest): string | undefined {
    return readCookie(request, COOKIE);
  }

  give(reply: FastifyReply, refreshToken: string, user: UserDto): void {
    setCookie(reply, COOKIE, refreshToken, {
      path: COOKIE_PATH,
      maxAgeSeconds: REFRESH_DAYS * 86_400,
      secure: this.config.secureCookies,
    });
    if (user.role === 'admin') this.boardPass.give(reply, user.id);
  }

  clear(reply: FastifyReply): void {
    clearCookie(reply, COOKIE, COOKIE_PATH);
    this.boardPass.take(reply);
  }
}

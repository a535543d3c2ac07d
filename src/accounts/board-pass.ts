import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index.js';
import { AccessTokens, bearerOf } from '../platform/http/index.js';

const COOKIE = 'tixline_board';
const PATH = '/admin';

/**
 * What lets an admin's browser into Bull Board: pages there are opened by navigation, which carries cookies and no
 * bearer token. The cookie goes to /admin only, lasts as long as an access token and is of no use anywhere else.
 */
@Injectable()
export class BoardPass {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly jwt: JwtService,
    private readonly accessTokens: AccessTokens,
  ) {}

  give(reply: FastifyReply, userId: number): void {
    const lifetime = this.accessTokens.lifetimeSeconds;
    const token = this.jwt.sign(
      {},
      { privateKey: this.config.keys.board, algorithm: 'HS256', subject: String(userId), expiresIn: lifetime },
    );
    void reply.setCookie(COOKIE, token, {
      httpOnly: true,
      sameSite: 'strict',
      secure: this.config.appUrl.startsWith('https:'),
      path: PATH,
      maxAge: lifetime,
    });
  }

  take(reply: FastifyReply): void {
    void reply.clearCookie(COOKIE, { path: PATH });
  }

  /** Whether this request comes from an admin: by the cookie, or by an admin's access token. */
  admits(request: FastifyRequest): boolean {
    if (this.accessTokens.identify(bearerOf(request.headers.authorization))?.role === 'admin') return true;
    const pass = request.cookies[COOKIE];
    if (pass === undefined || pass.length > 1_024) return false;
    try {
      this.jwt.verify(pass, { publicKey: this.config.keys.board, algorithms: ['HS256'] });
      return true;
    } catch {
      return false;
    }
  }
}

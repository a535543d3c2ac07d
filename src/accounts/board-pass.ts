import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index';
import { AccessTokens, clearCookie, readCookie, setCookie } from '../platform/http/index';

const COOKIE = 'tixline_board';
const PATH = '/admin';

/**
 * What lets an admin's browser into Bull Board: pages there are opened by navigation, which carries cookies and no
 * bearer token. The cookie goes to /admin only, lasts as long as an access token and is of no use anywhere else.
 */
@Injectable()
export class BoardPass {
  private readonly jwt: JwtService;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly accessTokens: AccessTokens,
  ) {
    this.jwt = new JwtService({
      secretOrKeyProvider: () => config.keys.board,
      signOptions: { algorithm: 'HS256', expiresIn: accessTokens.lifetimeSeconds },
      verifyOptions: { algorithms: ['HS256'] },
    });
  }

  give(reply: FastifyReply, userId: number): void {
    const token = this.jwt.sign({}, { subject: String(userId) });
    setCookie(reply, COOKIE, token, {
      path: PATH,
      maxAgeSeconds: this.accessTokens.lifetimeSeconds,
      secure: this.config.appUrl.startsWith('https:'),
    });
  }

  take(reply: FastifyReply): void {
    clearCookie(reply, COOKIE, PATH);
  }

  /** Whether this request comes from an admin: by the cookie, or by an admin's access token. */
  admits(request: FastifyRequest): boolean {
    if (this.accessTokens.identify(request.headers.authorization)?.role === 'admin') return true;
    const pass = readCookie(request, COOKIE);
    if (pass === undefined || pass.length > 1_024) return false;
    try {
      this.jwt.verify(pass);
      return true;
    } catch {
      return false;
    }
  }
}

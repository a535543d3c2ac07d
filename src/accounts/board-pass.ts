import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../config/index';
import { AccessTokens, clearCookie, readCookie, setCookie, SignedTokens } from '../platform/http/index';

const COOKIE = 'tixline_board';
const PATH = '/admin';

/**
 * What lets an admin's browser into Bull Board: pages there are opened by navigation, which carries cookies and no
 * bearer token. The cookie goes to /admin only, lasts as long as an access token and is of no use anywhere else.
 */
@Injectable()
export class BoardPass {
  private readonly tokens: SignedTokens;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly accessTokens: AccessTokens,
  ) {
    this.tokens = new SignedTokens(config.keys.board, { type: 'board+jwt' });
  }

  give(reply: FastifyReply, userId: number): void {
    const lifetime = this.accessTokens.lifetimeSeconds('admin');
    setCookie(reply, COOKIE, this.tokens.sign({}, { subject: String(userId), expiresIn: lifetime }), {
      path: PATH,
      maxAgeSeconds: lifetime,
      secure: this.config.secureCookies,
    });
  }

  take(reply: FastifyReply): void {
    clearCookie(reply, COOKIE, PATH);
  }

  /** Whether this request comes from an admin: by the cookie, or by an admin's access token. */
  admits(request: FastifyRequest): boolean {
    if (this.accessTokens.identify(request.headers.authorization)?.role === 'admin') return true;
    const pass = readCookie(request, COOKIE);
    const claims = pass === undefined ? undefined : this.tokens.read(pass);
    return typeof claims === 'object' && !this.accessTokens.hasEnded(Number(claims.sub));
  }
}

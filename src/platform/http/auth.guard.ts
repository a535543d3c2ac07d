import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AccessTokens } from './access-tokens';
import { ACCESS, type Access } from './operation';
import { Problem } from './problem';

/** A route that does not say whom it is for is closed to everybody who is not signed in. Synchronous: it runs on the hot paths. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler()) ?? 'signed-in';
    if (access === 'everyone') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const identity = this.tokens.identify(bearerOf(request.headers.authorization));
    if (identity === undefined) {
      throw new Problem('sign-in-required', 'Send a valid access token: Authorization: Bearer <token>.');
    }
    if (access !== 'signed-in' && identity.role !== access && identity.role !== 'admin') {
      throw new Problem('forbidden', `This is for: ${access}, admin.`);
    }
    request.identity = identity;
    return true;
  }
}

/** The token of an `Authorization: Bearer` header, or the empty string. */
export function bearerOf(header: string | undefined): string {
  return header !== undefined && /^bearer /i.test(header) ? header.slice(7).trim() : '';
}

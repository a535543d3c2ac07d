import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AccessTokens } from './access-tokens';
import { NEEDED_ROLES, PUBLIC, type Role } from './identity';
import { Problem } from './problem';

/** Every route is closed unless it says otherwise. Synchronous: it runs on the hot paths. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()] as const;
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [...targets])) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const identity = this.tokens.identify(bearerOf(request.headers.authorization));
    if (identity === undefined) {
      throw new Problem('sign-in-required', 'Send a valid access token: Authorization: Bearer <token>.');
    }
    const needed = this.reflector.getAllAndOverride<Role[] | undefined>(NEEDED_ROLES, [...targets]);
    if (needed !== undefined && identity.role !== 'admin' && !needed.includes(identity.role)) {
      throw new Problem('forbidden', `This is for: ${[...needed, 'admin'].join(', ')}.`);
    }
    request.identity = identity;
    return true;
  }
}

/** The token of an `Authorization: Bearer` header, or the empty string. */
export function bearerOf(header: string | undefined): string {
  return header !== undefined && /^bearer /i.test(header) ? header.slice(7).trim() : '';
}

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { identityOf } from './authenticate';

export const ROLES = ['attendee', 'staff', 'organizer', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking, as the access token says. */
export interface Identity {
  readonly userId: number;
  readonly role: Role;
  /** The buyer's mark: the last 16 hex digits of every request id of this person (see shared/standing-id.ts). */
  readonly mark: string;
  /** When the token ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    identity?: Identity;
  }
}

/** The signed-in person, as a handler's argument. */
export const Me = createParamDecorator((_: unknown, context: ExecutionContext): Identity =>
  identityOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

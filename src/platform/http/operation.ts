import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Role } from './identity';
import type { ProblemCode } from './problem';
import { ApiProblems } from './problem.dto';

/** Who may call a route: everyone, whoever is signed in, or one role (and always an admin). */
export type Access = 'everyone' | 'signed-in' | Role;

/** The key under which a handler keeps its `Access`. */
export const ACCESS = 'tixline:access';

export interface OperationOptions {
  /** Its group in the API reference. */
  readonly tag: string;
  readonly for: Access;
  /** The refusals it gives beside those that `for` brings with it. */
  readonly problems?: readonly ProblemCode[];
}

/**
 * All that a route says about itself beside its path: who may call it, and how the API reference shows it. `id` is its
 * operationId, the name of the function in generated clients.
 */
export function Operation(id: string, { tag, for: access, problems = [] }: OperationOptions) {
  return applyDecorators(
    SetMetadata(ACCESS, access),
    ApiTags(tag),
    ApiOperation({ operationId: id }),
    ApiProblems(...refusalsOf(access), ...problems),
    ...(access === 'everyone' ? [] : [ApiBearerAuth()]),
  );
}

function refusalsOf(access: Access): ProblemCode[] {
  if (access === 'everyone') return [];
  return access === 'signed-in' ? ['sign-in-required'] : ['sign-in-required', 'forbidden'];
}

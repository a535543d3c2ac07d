import 'reflect-metadata';
import { applyDecorators, type Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Rule } from '../limits/index';
import { ApiGoodAnswer, type AnswerHeader, type Links } from './good-answer';
import type { Role } from './identity';
import type { ProblemCode } from './problem';
import { ApiProblems } from './problem.dto';

/** Who may call a route: everyone, whoever is signed in, or one role (and always an admin). */
export type Access = 'everyone' | 'signed-in' | Role;

export interface OperationOptions {
  /** Its group in the API reference. */
  readonly tag: string;
  readonly for: Access;
  /** The refusals of its own, beside those that every route of its kind gives. */
  readonly problems?: readonly ProblemCode[];
  /** For the hot paths: Fastify calls the handler itself, with request and reply (see `answerDirectly`). */
  readonly direct?: boolean;
  /** Rate limits of its own, in place of the one that all routes of its kind share; empty: none. */
  readonly limits?: readonly Rule[];
  /** The headers of its good answer. */
  readonly sends?: readonly AnswerHeader[];
  /** Where one goes from its good answer: which parameter of which operations is what of the body. */
  readonly next?: Links;
}

/**
 * All that a route says about itself beside its path: who may call it, and how the API reference shows it. `id` is its
 * operationId, the name of the function in generated clients.
 */
export function Operation(
  id: string,
  { tag, for: access, problems = [], direct = false, limits, sends = [], next = {} }: OperationOptions,
): MethodDecorator {
  return (controller, method, descriptor) => {
    const handler = { controller: controller.constructor as Type, method };
    const general = [
      ...EVERYWHERE,
      ...(limits?.length === 0 ? [] : (['too-many-requests'] as const)),
      ...refusalsOf(access),
      ...(takesBody(controller, method) ? OF_A_BODY : []),
    ];
    applyDecorators(
      RouteConfig({ access, ...(direct && { direct: handler }), ...(limits && { limits }) }),
      ApiTags(tag),
      ApiOperation({ operationId: id }),
      ApiProblems(...new Set([...general, ...problems])),
      ApiGoodAnswer(sends, next),
      ...(access === 'everyone' ? [] : [ApiBearerAuth()]),
    )(controller, method, descriptor);
  };
}

/** The address or the headers cannot be read; the database may be away, the process starting or stopping. */
const EVERYWHERE: readonly ProblemCode[] = ['bad-request', 'unavailable'];
/** What a route with a body may answer to it; added wherever there is a `@Body()`. */
export const OF_A_BODY: readonly ProblemCode[] = [
  'bad-request',
  'invalid-body',
  'body-too-large',
  'unsupported-media-type',
];

function refusalsOf(access: Access): ProblemCode[] {
  if (access === 'everyone') return [];
  return access === 'signed-in' ? ['sign-in-required'] : ['sign-in-required', 'forbidden'];
}

/** Whether the handler has a `@Body()`. Decorators of parameters run before those of their method. */
function takesBody(controller: object, method: string | symbol): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller.constructor, method) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((name) => name.startsWith(`${RouteParamtypes.BODY}:`));
}

import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { CATALOGUE, problemBody, Problem, type ProblemCode } from './problem';

class FieldErrorDto {
  /** JSON pointer to the field. @example /quantity */
  pointer: string;
  /** What is wrong with it. @example must be >= 1 */
  message: string;
}

/** A refusal as RFC 9457 problem details. */
class ProblemDto {
  /** Stable address of the kind of problem. @example https://tixline.dev/problems/invalid-body */
  type: string;
  /** @example Some fields are not right */
  title: string;
  /** @example 400 */
  status: number;
  /** What happened and what to do. */
  detail: string;
  /** The path that was asked. @example /api/ticket-requests */
  instance: string;
  /** Stable word for programs. @example invalid-body */
  code: string;
  /** Tell us this when you ask for help. */
  request_id: string;
  errors: FieldErrorDto[];
}

/** Documents the refusals of a route, with an example for each code. */
export function ApiProblems(...codes: ProblemCode[]) {
  const responses = Object.entries(problemResponses(codes));
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...responses.map(([status, response]) => ApiResponse({ status: Number(status), ...response })),
  );
}

/** What a route's document says of these refusals, by status. */
export function problemResponses(codes: readonly ProblemCode[]) {
  const statuses = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = CATALOGUE[code];
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return Object.fromEntries([...statuses].map(([status, ofStatus]) => [status, response(status, ofStatus)]));
}

const RETRY_AFTER: Record<string, { description: string; schema: { type: 'integer' } }> = {
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } },
};

function response(status: number, codes: readonly ProblemCode[]) {
  return {
    description: codes.map((code) => CATALOGUE[code].title).join(' · '),
    headers: status === 429 || status === 503 ? RETRY_AFTER : {},
    content: {
      'application/problem+json': {
        schema: { $ref: getSchemaPath(ProblemDto) },
        examples: Object.fromEntries(
          codes.map((code) => [code, { value: problemBody(new Problem(code), '/api/…', 'req-1') }]),
        ),
      },
    },
  };
}

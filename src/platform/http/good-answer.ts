import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

const HEADERS = {
  Location: { description: 'Where it is', schema: { type: 'string', format: 'uri-reference' } },
  ETag: { description: 'Its version, for If-Match', schema: { type: 'string', pattern: '^"\\d+"$' } },
  'Retry-After': { description: 'Seconds until it is worth asking again', schema: { type: 'integer' } },
  'Idempotent-Replayed': {
    description: 'There when the Idempotency-Key had been used before: this is its first answer again',
    schema: { type: 'string', enum: ['true'] },
  },
};

/** A header that comes with a good answer. */
export type AnswerHeader = keyof typeof HEADERS;

/** Where one goes from a good answer: `'parameter=/pointer into the body'`, and the operations that take it. */
export type Links = Readonly<Record<string, readonly string[]>>;

const KEY = 'x-good-answer';

/** Documents what comes with a route's good answer. Its status is not known yet: `moveGoodAnswer` puts it in its place. */
export function ApiGoodAnswer(sends: readonly AnswerHeader[], next: Links): MethodDecorator {
  const headers = Object.fromEntries(sends.map((name) => [name, HEADERS[name]]));
  const links = Object.fromEntries(Object.entries(next).flatMap(linksOf));
  const said = {
    ...(sends.length > 0 && { headers }),
    ...(Object.keys(links).length > 0 && { links }),
  };
  return Object.keys(said).length > 0 ? ApiExtension(KEY, said) : applyDecorators();
}

function linksOf([binding, operations]: [string, readonly string[]]): [string, object][] {
  const [parameter, pointer] = binding.split('=') as [string, string];
  return operations.map((operationId) => [
    operationId,
    { operationId, parameters: { [parameter]: `$response.body#${pointer}` } },
  ]);
}

/** Moves what `ApiGoodAnswer` has left on an operation of the document to its good answer. */
export function moveGoodAnswer(operation: { responses: object; [KEY]?: object }): void {
  const good = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1] as object;
  Object.assign(good ?? {}, operation[KEY]);
  delete operation[KEY];
}

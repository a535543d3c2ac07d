/**
 * What the API reference says beyond what types, comments and routes can: which numbers are whole, which texts are times
 * and ids, what every route may answer.
 */
import type { OpenAPIObject } from '@nestjs/swagger';
import { moveGoodAnswer, problemResponses, OF_A_BODY, RFC_3339 } from './platform/http/index';
import { ASK_SCHEMA } from './ticket-requests/index';

type Paths = OpenAPIObject['paths'];
type Operation = NonNullable<Paths[string]['get']>;
interface Schema {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  [key: string]: unknown;
}

/** All other numbers are whole. */
const FRACTIONS = new Set(['settled_per_second', 'seconds']);
const UUIDS = new Set(['request_id', 'order_id']);
/** A request for what cannot be an id is answered as what does not exist. */
const EVENT_ID = { type: 'integer', minimum: 1, maximum: 999_999_999 };

/** A time that comes in. */
const TIME = { format: 'date-time', pattern: RFC_3339.source };

/** Headers of a request that are read. */
const OF_HEADERS: Record<string, Schema> = {
  'Idempotency-Key': { pattern: '^[\\x21-\\x7e]{1,255}$', minLength: 1, maxLength: 255 },
  'If-Match': { pattern: '^(\\*|(W/)?"\\d{1,9}")$' },
};

/** Adds them to the document. */
export function addDetails(document: OpenAPIObject): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  for (const [name, schema] of Object.entries(schemas)) refine(name, schema);
  // Types become fields when Nest's own compiler has read them: in a test there may be none.
  const field = (schema: string, name: string): Schema => schemas[schema]?.properties?.[name] ?? {};
  // That of a refusal is no id of a request for tickets.
  delete field('ProblemDto', 'request_id').format;
  Object.assign(field('AskDto', 'event_id'), ASK_SCHEMA.properties.event_id);
  Object.assign(field('AskDto', 'quantity'), ASK_SCHEMA.properties.quantity);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations) as [string, Operation][]) {
      parameters(path, operation);
      // A body is read before anybody asks whether the route wants one.
      if (method !== 'get') addProblems(operation);
      // A change that changes nothing may leave its body out.
      if (method === 'patch') Object.assign(operation.requestBody!, { required: false });
      moveGoodAnswer(operation);
      for (const body of bodiesOf(operation)) {
        const { $ref } = body as { $ref?: string };
        if ($ref !== undefined) close(schemas, $ref);
      }
    }
  }
}

function refine(name: string, schema: Schema): void {
  if (schema.type === 'number' && !FRACTIONS.has(name)) schema.type = 'integer';
  if (schema.type === 'string' && name.endsWith('_at')) schema.format = 'date-time';
  if (schema.type === 'string' && UUIDS.has(name)) schema.format ??= 'uuid';
  for (const [field, inner] of Object.entries(schema.properties ?? {})) refine(field, inner);
}

function parameters(path: string, operation: Operation): void {
  for (const parameter of operation.parameters ?? []) {
    if (!('in' in parameter)) continue;
    const schema = (parameter.schema ?? {}) as Schema;
    if (schema.type === 'number') schema.type = 'integer';
    if (['from', 'to'].includes(parameter.name)) Object.assign(schema, TIME);
    Object.assign(schema, OF_HEADERS[parameter.name]);
    if (parameter.in !== 'path') continue;
    if (path.startsWith('/api/events')) Object.assign(schema, EVENT_ID);
    else if (parameter.name === 'id') schema.format = 'uuid';
    else Object.assign(schema, { minLength: 1, maxLength: 1_024 });
  }
}

function addProblems(operation: Operation): void {
  for (const [status, response] of Object.entries(problemResponses(OF_A_BODY))) {
    const known = operation.responses[status] as { content?: unknown } | undefined;
    if (known === undefined || status === '400') operation.responses[status] = response as never;
  }
}

function bodiesOf({ requestBody }: Operation): unknown[] {
  if (requestBody === undefined || !('content' in requestBody)) return [];
  return Object.values(requestBody.content).map(({ schema }) => schema);
}

/** What comes in may hold no other fields; what goes out may one day. */
function close(schemas: Record<string, Schema>, $ref: string): void {
  const schema = schemas[$ref.split('/').at(-1)!]!;
  schema.additionalProperties = false;
  for (const field of Object.values(schema.properties ?? {}))
    if (field.format === 'date-time') Object.assign(field, TIME);
  for (const { items } of Object.values(schema.properties ?? {}) as { items?: { $ref?: string } }[])
    if (items?.$ref !== undefined) close(schemas, items.$ref);
}

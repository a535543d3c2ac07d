import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Config } from './config/index';
import { addDetails } from './openapi-details';

const TAGS: readonly (readonly [string, string])[] = [
  ['The line', 'Ask for tickets, see where you stand, leave the line.'],
  ['Events', 'What is on, and what is left.'],
  ['Tickets', 'Your orders and tickets.'],
  ['Accounts', 'Sign up, in and out.'],
  ['Organising', 'For organisers: events, ticket types, the line of a sale.'],
  ['The door', 'For staff: look at tickets and let them in.'],
  ['Operations', 'For operators: health, and the proof that the books are right.'],
];

const INTRODUCTION = `
Tickets for a rush: a request is safe in milliseconds, waits in a line that VIPs pass first, and is settled by a worker
that never oversells.

**Buy a ticket from this page.** 1. *Accounts → login*: run it with the example, copy \`access_token\`. 2. *Authorize*
(top right): paste it. 3. *The line → requestTickets*: run it with the example. 4. *The line → getPosition* with the
\`request_id\` you got. 5. *Tickets → listOrders*.

Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. 429 and 503 carry \`Retry-After\`.`;

/** The OpenAPI document of the whole API. */
export function openApiDocument(app: NestFastifyApplication, config: Pick<Config, 'appName'>): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle(config.appName)
    .setDescription(INTRODUCTION)
    .setVersion('0.1.0')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'access_token of login',
    });
  for (const [name, description] of TAGS) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), { autoTagControllers: false });
  for (const path of Object.values(document.paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) {
      if (operation?.summary !== undefined) Object.assign(operation, firstSentence(operation.summary));
    }
  }
  for (const schema of Object.values(document.components?.schemas ?? {})) sortEnums(schema);
  addDetails(document);
  return document;
}

/** The compiler gives the words of a union in an order of its own, another one after a partial build. */
function sortEnums(schema: object): void {
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'enum' && Array.isArray(value)) value.sort((a, b) => String(a).localeCompare(String(b)));
    else if (typeof value === 'object' && value !== null) sortEnums(value);
  }
}

/** A handler's comment as OpenAPI has it: its first sentence in the list, the rest below when it is opened. */
function firstSentence(comment: string): { summary: string; description?: string } {
  const end = /[.?!:] /.exec(comment)?.index;
  if (end === undefined) return { summary: comment };
  return { summary: comment.slice(0, end + 1).replace(/[.:]$/, ''), description: comment.slice(end + 2) };
}

/** Swagger UI at /docs, the document at /docs-json. */
export function mountDocs(app: NestFastifyApplication, config: Config): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, config), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: `${config.appName} API`,
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      displayOperationId: true,
      tryItOutEnabled: true,
      docExpansion: 'list',
    },
  });
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Answer {
  readonly headers?: Record<string, unknown>;
  readonly content?: Record<string, { examples?: Record<string, unknown> }>;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: object;
  readonly security?: object[];
  readonly responses: Record<string, Answer>;
}

const document = JSON.parse(readFileSync(join(__dirname, '../../openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.values(document.paths)
  .flatMap((path) => Object.values(path))
  .map((operation) => [operation.operationId, operation] as const);

describe.each(operations)('the document of %s', (_, { requestBody, security, responses }) => {
  const codes = Object.values(responses).flatMap(({ content }) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}),
  );

  it('knows that it can be away, and when to come back', () => {
    expect(codes).toContain('unavailable');
    expect(responses['503']?.headers).toHaveProperty('Retry-After');
  });

  it('knows what becomes of a bad body, when it takes one', () => {
    const ofBodies = ['bad-request', 'invalid-body', 'body-too-large', 'unsupported-media-type'];
    expect(codes).toEqual(expect.arrayContaining(requestBody === undefined ? [] : ofBodies));
  });

  it('knows what becomes of a caller without a token, when it needs one', () => {
    expect(codes).toEqual(expect.arrayContaining(security === undefined ? [] : ['sign-in-required']));
  });
});

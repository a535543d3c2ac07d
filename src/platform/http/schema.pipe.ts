import { Injectable, type PipeTransform } from '@nestjs/common';
import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from 'ajv';
import { Problem, type FieldError } from './problem';

const ajv = new Ajv({ allErrors: true, useDefaults: true });

/**
 * Checks a body against a compiled JSON schema: for the hot routes, where class-validator would halve the throughput.
 * Runs after the guards, converts nothing and drops nothing: "1" is not 1, and an unknown field is an error.
 */
@Injectable()
export class SchemaPipe<T> implements PipeTransform<unknown, T> {
  private readonly check: ValidateFunction<T>;

  constructor(schema: SchemaObject) {
    this.check = ajv.compile<T>(schema);
  }

  transform(value: unknown): T {
    const body = value ?? {};
    if (this.check(body)) return body;
    throw new Problem('invalid-body', undefined, {
      errors: (this.check.errors ?? []).slice(0, 20).map(fieldError),
    });
  }
}

function fieldError(error: ErrorObject): FieldError {
  const params = error.params as {
    missingProperty?: string;
    additionalProperty?: string;
    allowedValues?: unknown[];
  };
  if (params.missingProperty)
    return { pointer: `${error.instancePath}/${params.missingProperty}`, message: 'is missing' };
  if (params.additionalProperty) {
    return {
      pointer: `${error.instancePath}/${escapePointer(params.additionalProperty)}`,
      message: 'is not a known field',
    };
  }
  const message = params.allowedValues
    ? `must be one of: ${params.allowedValues.join(', ')}`
    : (error.message ?? 'is wrong');
  return { pointer: error.instancePath, message };
}

/** A field name inside a JSON pointer (RFC 6901), cut to a length that is safe to show. */
export function escapePointer(name: string): string {
  return name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}

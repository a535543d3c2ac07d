import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { Problem, type FieldError } from './problem';
import { escapePointer } from './schema.pipe';

/** Nest's own, but `0x1` in a path stays what it is until the parameter's pipe has looked at it. */
class BodyValidation extends ValidationPipe {
  protected override transformPrimitive(value: unknown): unknown {
    return value;
  }
}

/** class-validator for all routes but the hot ones: unknown fields are errors, and every fault has its pointer. */
export function bodyValidation(): ValidationPipe {
  return new BodyValidation({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) =>
      new Problem('invalid-body', undefined, { errors: flatten(errors, '').slice(0, 20) }),
  });
}

function flatten(errors: readonly ValidationError[], parent: string): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${escapePointer(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      message: rule === 'whitelistValidation' ? 'is not a known field' : message,
    }));
    return [...own, ...flatten(error.children ?? [], pointer)];
  });
}

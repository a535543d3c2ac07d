import { IsISO8601, Matches, ValidateIf } from 'class-validator';

/**
 * RFC 3339, with a zone: anything less is another time on another machine. Of the years 100 to 9899, so that it is still
 * one of four digits in any other zone.
 */
export const RFC_3339 =
  /^(0[1-9]|[1-8]\d|9[0-8])\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/;
const MESSAGE = { message: '$property must be an RFC 3339 time' };

/** A field that may be left out, and is not null. (`IsOptional` lets null through to where nobody expects it.) */
export const MayBeAbsent = () => ValidateIf((_, value) => value !== undefined);

/** A field that may be left out, and for which null means: none. */
export const MayBeNull = () => ValidateIf((_, value) => value !== null && value !== undefined);

/** A point in time, as RFC 3339 writes it: ISO 8601 alone has weeks, days of the year and local times. */
export function IsTime(): PropertyDecorator {
  return (target, property) => {
    IsISO8601({ strict: true, strictSeparator: true }, MESSAGE)(target, property);
    Matches(RFC_3339, MESSAGE)(target, property);
  };
}

/** A text that PostgreSQL can keep; bodies are checked as a whole, a query is not. */
export const IsKeepable = () => Matches(/^[^\0]*$/, { message: '$property must not hold NUL' });

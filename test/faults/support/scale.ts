const { FAULTS } = process.env;
const SMALL = FAULTS === 'short' || FAULTS === 'small';

/** How much a test does: all of it, or with FAULTS=short or FAULTS=small a little of it. */
export function scale<T>(full: T, small: T): T {
  return SMALL ? small : full;
}

/** `it` for a test that FAULTS=short, what a check before every change has time for, leaves out. */
export const thorough = FAULTS === 'short' ? it.skip : it;

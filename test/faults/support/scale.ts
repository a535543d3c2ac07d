const SHORT = process.env.FAULTS === 'short';

/** How much a test does: all of it, or with FAULTS=short what a check before every change has time for. */
export function scale<T>(full: T, short: T): T {
  return SHORT ? short : full;
}

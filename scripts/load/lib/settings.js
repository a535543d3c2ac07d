/** Settings of a load test: `k6 run -e NAME=value …`. Those that all scripts share stand here. */

/** Where Tixline answers, without a slash at the end. */
export const BASE_URL = (__ENV.BASE_URL || 'http://localhost:3000').replace(/\/$/, '');

/** The password of the buyers that `tixline seed --buyers` makes. */
export const PASSWORD = __ENV.PASSWORD || 'Passw0rd!';

export const ADMIN = {
  email: __ENV.ADMIN_EMAIL || 'admin@local.test',
  password: __ENV.ADMIN_PASSWORD || 'Passw0rd!',
};

/** A setting that is a whole number, `least` or more. Throws when it is set to anything else. */
export function whole(name, otherwise, least = 1) {
  const given = __ENV[name];
  if (given === undefined || given === '') return otherwise;
  const number = Number(given);
  if (!Number.isInteger(number) || number < least)
    throw new Error(`${name} must be a whole number, ${least} or more: ${given}`);
  return number;
}

/** What all long scripts set: time for many sign-ins and for a large verification, and the figures of the summary. */
export const LONG_RUN = {
  setupTimeout: '30m',
  teardownTimeout: '15m',
  summaryTrendStats: ['count', 'min', 'med', 'avg', 'p(95)', 'p(99)', 'max'],
};

/**
 * Buyers that a VU plays at the same time. It keeps as many connections: k6 closes those beyond `batchPerHost` after
 * each answer.
 */
export const CROWD = whole('CROWD', 100);
export const CROWD_CONNECTIONS = { batch: CROWD, batchPerHost: CROWD };

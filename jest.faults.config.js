const base = require('./jest.config.js');

/** Faults done to real processes, one test at a time: each has servers of its own and both cores. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/faults/**/*.spec.ts'],
  testTimeout: 900_000,
  maxWorkers: 1,
  globalSetup: undefined,
  globalTeardown: undefined,
};

const base = require('./jest.config.js');

/** The tests in a real browser: one server and one browser for the run, both started by its set-up. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/browser/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/browser/support/global-teardown.ts',
  setupFiles: [],
};

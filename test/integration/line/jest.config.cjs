/** Run: node --experimental-vm-modules node_modules/jest/bin/jest.js -c test/integration/line/jest.config.cjs */
module.exports = {
  rootDir: '../../..',
  testMatch: ['<rootDir>/test/integration/line/*.spec.ts'],
  testEnvironment: 'node',
  testTimeout: 30_000,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2023' },
        module: { type: 'commonjs' },
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

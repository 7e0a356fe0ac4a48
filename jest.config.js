export default {
  // Nothing is transformed by Jest: Node loads the tests, and what they import once for all files of a worker.
  transform: {},
  runtime: '<rootDir>/test/runner/shared-modules.js',
  testEnvironmentOptions: { globalsCleanup: 'off' },
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*-spec.ts'],
  testTimeout: 60_000,
  // PostgreSQL and the servers that tests start have work to do as well, but most of a test is waiting.
  maxWorkers: '100%',
};

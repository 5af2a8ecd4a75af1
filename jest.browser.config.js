const config = require('./jest.config.js');

/** The console in a real browser. Its tests run beside no others, and wait long, so that a busy machine fails none. */
/** @type {import('jest').Config} */
module.exports = {
  ...config,
  roots: ['<rootDir>/tests/web/browser'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};

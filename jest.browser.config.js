const config = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...config,
  testMatch: ['<rootDir>/tests/web/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};

/** `@tigerql/client`: a tigerql server's operations for a shop's pages, on plain fetch. */
export * from './client.js';
export * from './documents.js';
export { TigerqlError } from './transport.js';

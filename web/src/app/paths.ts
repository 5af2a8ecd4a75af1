/** The addresses of the console's views. */
export const itemPath = (externalId: string): string => `/items/${encodeURIComponent(externalId)}`;
export const userPath = (externalId: string): string => `/users/${encodeURIComponent(externalId)}`;
export const userRecommendationsPath = (externalId: string): string =>
  `/recommendations?user=${encodeURIComponent(externalId)}`;
/** The items whose semantic ID begins with these codes. */
export const prefixItemsPath = (codes: readonly number[]): string => `/items?prefix=${codes.join('.')}`;
export const modelPath = (number: number): string => `/models?a=${number}`;
/** The curves of one training. */
export const trainingPath = (jobId: string): string =>
  `/training?jobs=${encodeURIComponent(encodeURIComponent(jobId))}`;

import { useParams, useSearchParams } from 'react-router';

export const ADD_ITEMS_PATH = '/add-items';
export const itemPath = (externalId: string): string => `/items/${segmentOf(externalId)}`;
export const userPath = (externalId: string): string => `/users/${segmentOf(externalId)}`;
export const userRecommendationsPath = (externalId: string): string =>
  `/recommendations?user=${encodeURIComponent(externalId)}`;
export const placementPath = (name: string): string => `/placements/${segmentOf(name)}`;
/** A list for a made-up history. */
export const historyRecommendationsPath = (externalIds: readonly string[]): string =>
  `/recommendations?for=history&history=${encodeURIComponent(externalIds.map(encodeURIComponent).join(','))}`;
/** The items whose semantic ID begins with these codes. */
export const prefixItemsPath = (codes: readonly number[]): string => `/items?prefix=${codes.join('.')}`;
export const modelPath = (number: number): string => `/models?a=${number}`;
/** The curves of one training; the address has a list of jobs, each encoded by itself: see `listValue`. */
export const trainingPath = (jobId: string): string =>
  `/training?jobs=${encodeURIComponent(encodeURIComponent(jobId))}`;

/** Browsers leave out `.` and `..` of an address, and a `%` comes back as something else: IDs with these stand behind the path. */
function segmentOf(externalId: string): string {
  const id = encodeURIComponent(externalId);
  return /^\.{0,2}$|%/.test(externalId) ? `_?id=${id}` : id;
}

/** @param segment - The last part of such a path. @param search - What stands behind it. @returns The ID that it was made from. */
export function externalIdOf(segment: string, search: URLSearchParams): string {
  return search.get('id') ?? segment;
}

/** @returns The ID of the item or user whose page this is. */
export function useExternalId(): string {
  const { externalId = '' } = useParams();
  const [search] = useSearchParams();
  return externalIdOf(externalId, search);
}

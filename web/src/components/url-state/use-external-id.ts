import { useParams, useSearchParams } from 'react-router';

import { externalIdOf } from '../../app/paths';

/** @returns The ID of the item or user whose page this is. */
export function useExternalId(): string {
  const { externalId = '' } = useParams();
  const [search] = useSearchParams();
  return externalIdOf(externalId, search);
}

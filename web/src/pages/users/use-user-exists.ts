import { useDebouncedValue } from '@mantine/hooks';

import { useFreshQuery } from '../../components/states/use-fresh-query';
import { PickUserByIdDocument } from '../../graphql/graphql';

const WAIT_MS = 200;

/** @param text - As it is typed. @returns Whether the shop knows a user with this ID. */
export function useUserExists(text: string): boolean {
  const [externalId] = useDebouncedValue(text.trim(), WAIT_MS);
  const [{ data }] = useFreshQuery({
    query: PickUserByIdDocument,
    variables: { externalId },
    pause: externalId === '',
  });
  return data?.user != null && externalId === text.trim();
}

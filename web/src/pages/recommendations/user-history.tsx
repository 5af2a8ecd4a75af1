import { Button, Stack, Text } from '@mantine/core';

import { plural } from '../../components/format/plural';
import { ItemLink } from '../../components/item-list/item-link';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { SubjectUserDocument } from '../../graphql/graphql';
import classes from './history.module.css';

interface UserHistoryProps {
  readonly externalId: string;
  /** @param history - External IDs, oldest first. */
  readonly onTake: (history: readonly string[]) => void;
}

/** What the user did last; the same items can be taken for a made-up history. */
export function UserHistory({ externalId, onTake }: UserHistoryProps) {
  const [result, refetch] = useFreshQuery({ query: SubjectUserDocument, variables: { externalId } });
  return (
    <QueryView result={result} what="The history" onRetry={refetch}>
      {({ user }) =>
        user ? (
          <Stack gap={6}>
            <Text size="xs" c="dimmed">
              {plural(user.interactionCount, 'interaction')}, newest first
            </Text>
            <ol className={classes.list}>
              {user.history.nodes.map(({ item }, index) => (
                <li key={index} className={classes.line}>
                  <ItemLink item={item} />
                </li>
              ))}
            </ol>
            <Button
              size="xs"
              variant="default"
              onClick={() => onTake(user.history.nodes.map(({ item }) => item.externalId).reverse())}
            >
              Change these items
            </Button>
          </Stack>
        ) : (
          <Text size="sm" c="dimmed">
            No user has the ID {externalId}.
          </Text>
        )
      }
    </QueryView>
  );
}

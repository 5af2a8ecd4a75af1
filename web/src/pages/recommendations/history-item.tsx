import { CloseButton, Text } from '@mantine/core';

import { useFreshQuery } from '../../components/states/use-fresh-query';
import { SubjectItemDocument } from '../../graphql/graphql';
import classes from './history.module.css';

interface HistoryItemProps {
  readonly externalId: string;
  readonly onRemove: () => void;
}

/** An item of a made-up history by its title. */
export function HistoryItem({ externalId, onRemove }: HistoryItemProps) {
  const [{ data }] = useFreshQuery({
    query: SubjectItemDocument,
    variables: { externalId },
    requestPolicy: 'cache-first',
  });
  const isUnknown = data !== undefined && data.item == null;
  const title = data?.item?.title ?? externalId;
  return (
    <li className={classes.line}>
      <Text size="sm" truncate dir="auto" title={title} c={isUnknown ? 'dimmed' : undefined}>
        {isUnknown ? `${externalId}: no such item, skipped` : title}
      </Text>
      <CloseButton size="sm" aria-label={`Take out ${title}`} onClick={onRemove} />
    </li>
  );
}

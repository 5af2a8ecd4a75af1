import { CloseButton, Text } from '@mantine/core';

import { itemName } from '../../components/item-list/item-name';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { SubjectItemDocument } from '../../graphql/graphql';
import classes from './history.module.css';

interface HistoryItemProps {
  readonly externalId: string;
  readonly onRemove: () => void;
}

/** An item of a made-up history by its name. */
export function HistoryItem({ externalId, onRemove }: HistoryItemProps) {
  const [{ data }] = useFreshQuery({
    query: SubjectItemDocument,
    variables: { externalId },
    requestPolicy: 'cache-first',
  });
  const isUnknown = data !== undefined && data.item == null;
  const name = data?.item ? itemName(data.item) : externalId;
  return (
    <li className={classes.line}>
      <Text size="sm" truncate dir="auto" title={name} c={isUnknown ? 'dimmed' : undefined}>
        {isUnknown ? `${externalId}: no such item, skipped` : name}
      </Text>
      <CloseButton size="sm" aria-label={`Take out ${name}`} onClick={onRemove} />
    </li>
  );
}

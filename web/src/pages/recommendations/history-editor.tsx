import { Anchor, Stack, Text } from '@mantine/core';

import { ItemPicker } from '../../components/pickers/item-picker';
import { HistoryItem } from './history-item';
import classes from './history.module.css';

/** The server takes no longer ones. */
const LONGEST = 200;

interface HistoryEditorProps {
  /** External IDs, oldest first. */
  readonly history: readonly string[];
  readonly onChange: (history: readonly string[]) => void;
}

/** A history made up from items of the shop; shown newest first. */
export function HistoryEditor({ history, onChange }: HistoryEditorProps) {
  const newestFirst = history.map((externalId, index) => ({ externalId, index })).reverse();
  return (
    <Stack gap="sm">
      <ItemPicker
        label="Add an item"
        error={history.length >= LONGEST ? `${LONGEST} items are the most.` : null}
        onPick={({ externalId }) => history.length < LONGEST && onChange([...history, externalId])}
      />
      {history.length === 0 ? (
        <Text size="xs" c="dimmed">
          Add the items that someone has had, oldest first. A list appears after the first.
        </Text>
      ) : (
        <>
          <Text size="xs" c="dimmed">
            Newest first
          </Text>
          <ol className={classes.list}>
            {newestFirst.map(({ externalId, index }) => (
              <HistoryItem
                key={`${externalId}.${index}`}
                externalId={externalId}
                onRemove={() => onChange(history.filter((_, other) => other !== index))}
              />
            ))}
          </ol>
          <Anchor component="button" type="button" size="xs" onClick={() => onChange([])}>
            Begin anew
          </Anchor>
        </>
      )}
    </Stack>
  );
}

import { Button } from '@mantine/core';

import { announce } from '../../components/change/announce';
import { Problems } from '../../components/change/problems';
import { useChange } from '../../components/change/use-change';
import { ItemList } from '../../components/item-list/item-list';
import { TurnPages } from '../../components/pages/turn-pages';
import type { Pages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { type ItemNameFragment, UndoDismissalsDocument } from '../../graphql/graphql';

interface DismissedPanelProps {
  readonly externalId: string;
  readonly pages: Pages<ItemNameFragment>;
  readonly onUndone: () => void;
}

/** Items that the user has dismissed. Hidden while there are none. */
export function DismissedPanel({ externalId, pages, onUndone }: DismissedPanelProps) {
  const { run, isRunning, problems } = useChange(UndoDismissalsDocument, (data) => data.undoDismissals!);
  const { rows } = pages;
  if (rows.length === 0) return null;
  const undo = async ({ externalId: itemExternalId, title }: ItemNameFragment) => {
    const items = [{ externalId: itemExternalId }];
    const { payload, problems } = await run({ input: { user: { externalId }, items } });
    if (payload === null || problems.length > 0) return;
    announce(`“${title}” may be recommended again.`);
    onUndone();
  };
  return (
    <Panel title="Dismissed" note="in none of the user’s lists" isFlush>
      <Problems problems={problems} />
      <ItemList
        items={rows}
        empty="Nothing."
        aside={(item) => (
          <Button
            size="compact-xs"
            variant="default"
            disabled={isRunning}
            aria-label={`Take back that ${item.title} was dismissed`}
            onClick={() => void undo(item)}
          >
            Take back
          </Button>
        )}
      />
      <TurnPages pages={pages} />
    </Panel>
  );
}

import { Anchor, Text } from '@mantine/core';
import { useState } from 'react';

import { useViewer } from '../../app/use-viewer';
import { Ago } from '../../components/format/ago';
import { plural } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { CatalogueChangeKind, OverviewQuery } from '../../graphql/graphql';
import classes from './changes-panel.module.css';
import { takenBack } from './taken-back';
import { UndoDialog } from './undo-dialog';

const DEEDS: Readonly<Record<Exclude<CatalogueChangeKind, 'MODEL_ACTIVATED'>, string>> = {
  ITEMS_ADDED: 'added',
  ITEMS_UPDATED: 'changed',
  ITEMS_REMOVED: 'removed',
  ITEMS_RESTORED: 'restored',
  SEMANTIC_IDS_REASSIGNED: 'given other semantic IDs',
};

type Change = OverviewQuery['catalogue']['recentChanges'][number];

interface ChangesPanelProps {
  /** Newest first. */
  readonly changes: readonly Change[];
}

/** The last changes of the catalogue. A reassignment can be undone here. */
export function ChangesPanel({ changes }: ChangesPanelProps) {
  const { isAdmin } = useViewer();
  const [undone, setUndone] = useState<number | null>(null);
  const taken = takenBack(changes);
  return (
    <Panel title="Last changes" isFlush>
      {changes.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          The catalogue has never changed.
        </Text>
      )}
      <ol className={classes.list}>
        {changes.map((change) => (
          <li key={change.version} className={classes.line}>
            <span className={classes.version}>{change.version}</span>
            <span>
              {deedOf(change)}{' '}
              {taken.has(change.version) && (
                <Text span size="sm" c="dimmed">
                  (undone)
                </Text>
              )}
              {isAdmin && change.kind === 'SEMANTIC_IDS_REASSIGNED' && !taken.has(change.version) && (
                <Anchor
                  component="button"
                  size="sm"
                  aria-label={`Undo change ${change.version}`}
                  onClick={() => setUndone(change.version)}
                >
                  Undo
                </Anchor>
              )}
            </span>
            <Ago at={change.changedAt} className={classes.when} />
          </li>
        ))}
      </ol>
      <UndoDialog version={undone} onClose={() => setUndone(null)} />
    </Panel>
  );
}

function deedOf({ kind, itemCount, undoes }: Change): string {
  if (kind === 'MODEL_ACTIVATED') return 'Another model is active';
  const items = plural(itemCount, 'item');
  return undoes == null
    ? `${items} ${DEEDS[kind]}`
    : `${items} given their former semantic IDs: change ${undoes} undone`;
}

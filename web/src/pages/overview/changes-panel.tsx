import { Anchor, Text } from '@mantine/core';
import { useState } from 'react';

import { useViewer } from '../../app/use-viewer';
import { formatAgo, formatDateTime } from '../../components/format/format';
import { plural } from '../../components/format/plural';
import { Panel } from '../../components/panel/panel';
import type { CatalogueChangeKind, OverviewQuery } from '../../graphql/graphql';
import classes from './changes-panel.module.css';
import { UndoDialog } from './undo-dialog';

const DEEDS: Readonly<Record<Exclude<CatalogueChangeKind, 'MODEL_ACTIVATED'>, string>> = {
  ITEMS_ADDED: 'added',
  ITEMS_UPDATED: 'changed',
  ITEMS_REMOVED: 'removed',
  ITEMS_RESTORED: 'restored',
  SEMANTIC_IDS_REASSIGNED: 'given other semantic IDs',
};

interface ChangesPanelProps {
  readonly changes: OverviewQuery['catalogue']['recentChanges'];
}

/** What happened to the catalogue last, and the way back from what nothing else takes back. */
export function ChangesPanel({ changes }: ChangesPanelProps) {
  const { isAdmin } = useViewer();
  const [undone, setUndone] = useState<number | null>(null);
  return (
    <Panel title="Last changes" isFlush>
      {changes.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          The catalogue has never changed.
        </Text>
      )}
      <ol className={classes.list}>
        {changes.map(({ version, kind, itemCount, changedAt }) => (
          <li key={version} className={classes.line}>
            <span className={classes.version}>{version}</span>
            <span>
              {kind === 'MODEL_ACTIVATED' ? 'Another model is active' : `${plural(itemCount, 'item')} ${DEEDS[kind]}`}{' '}
              {isAdmin && kind === 'SEMANTIC_IDS_REASSIGNED' && (
                <Anchor
                  component="button"
                  size="sm"
                  aria-label={`Undo change ${version}`}
                  onClick={() => setUndone(version)}
                >
                  Undo
                </Anchor>
              )}
            </span>
            <time dateTime={changedAt} title={formatDateTime(changedAt)} className={classes.when}>
              {formatAgo(changedAt)}
            </time>
          </li>
        ))}
      </ol>
      <UndoDialog version={undone} onClose={() => setUndone(null)} />
    </Panel>
  );
}

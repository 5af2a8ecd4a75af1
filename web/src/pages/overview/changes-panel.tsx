import { Anchor, Text } from '@mantine/core';
import { useState } from 'react';

import { useViewer } from '../../app/use-viewer';
import { ConfirmChange } from '../../components/change/confirm-dialog';
import { noteUndone } from '../../components/change/note-undone';
import { Ago } from '../../components/format/ago';
import { plural } from '../../components/format/format';
import { runsOf } from '../../components/pages/runs';
import { Panel } from '../../components/panel/panel';
import { type CatalogueChangeKind, type OverviewQuery, UndoReassignDocument } from '../../graphql/graphql';
import classes from './changes-panel.module.css';
import { takenBack } from './taken-back';

const DEEDS: Readonly<Record<Exclude<CatalogueChangeKind, 'MODEL_ACTIVATED'>, string>> = {
  ITEMS_ADDED: 'added',
  ITEMS_UPDATED: 'changed',
  ITEMS_REMOVED: 'removed',
  ITEMS_RESTORED: 'restored',
  ITEMS_UPSERTED: 'added, changed or removed',
  SEMANTIC_IDS_REASSIGNED: 'given other semantic IDs',
};

const LINES = 8;

type Change = OverviewQuery['catalogue']['recentChanges'][number];

export function ChangesPanel({ changes }: { readonly changes: readonly Change[] }) {
  const { isAdmin } = useViewer();
  const [undone, setUndone] = useState<Change | null>(null);
  const taken = takenBack(changes);
  const lines = runsOf(
    changes,
    ({ changedAt }) => changedAt,
    ({ kind }) => (kind.startsWith('ITEMS_') ? kind : null),
  ).slice(0, LINES);
  return (
    <Panel title="Last changes" isFlush>
      {changes.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          The catalogue has never changed.
        </Text>
      )}
      <ol className="plain">
        {lines.map(([change, ...before]) => (
          <li key={change.version} className={classes.line}>
            <span className={classes.version}>{change.version}</span>
            <span>
              {deedOf({ ...change, itemCount: change.itemCount + sumOf(before) })}{' '}
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
                  onClick={() => setUndone(change)}
                >
                  Undo
                </Anchor>
              )}
            </span>
            <Ago at={change.changedAt} className={classes.when} />
          </li>
        ))}
      </ol>
      <ConfirmChange
        wanted={undone}
        title="Undo the change?"
        deed="Undo it"
        document={UndoReassignDocument}
        select={(data) => data.undoReassignment}
        variables={({ version }) => ({ input: { catalogueVersion: version } })}
        onDone={(_, payload) => noteUndone(payload)}
        onClose={() => setUndone(null)}
      >
        {({ itemCount }) =>
          `${plural(itemCount, 'item')} ${itemCount === 1 ? 'gets its former semantic ID' : 'get their former semantic IDs'} back. It can be undone too.`
        }
      </ConfirmChange>
    </Panel>
  );
}

function sumOf(changes: readonly Change[]): number {
  return changes.reduce((sum, { itemCount }) => sum + itemCount, 0);
}

function deedOf({ kind, itemCount, undoes }: Change): string {
  if (kind === 'MODEL_ACTIVATED') return 'Another model is active';
  const items = plural(itemCount, 'item');
  return undoes == null
    ? `${items} ${DEEDS[kind]}`
    : `${items} given their former semantic IDs: change ${undoes} undone`;
}

import { Anchor, Button, CloseButton, SegmentedControl, Stack, Text } from '@mantine/core';

import { itemName, plural } from '../../components/format/format';
import { ItemLink } from '../../components/item-list/item-list';
import { Panel } from '../../components/panel/panel';
import { ItemPicker, UserPicker } from '../../components/pickers/pickers';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import type { ChangeUrlState } from '../../components/url-state/use-url-state';
import { SubjectItemDocument, SubjectUserDocument } from '../../graphql/graphql';
import classes from './history.module.css';
import type { RecommendationsState } from './recommendations-state';

interface SubjectPanelProps {
  readonly state: RecommendationsState;
  readonly onChange: ChangeUrlState<RecommendationsState>;
}

/** For whom: a user of the shop, or a history that is made up here. */
export function SubjectPanel({ state, onChange }: SubjectPanelProps) {
  const { for: kind, user, history } = state;
  return (
    <Panel title="For whom">
      <Stack gap="sm">
        <SegmentedControl
          aria-label="For whom"
          fullWidth
          size="xs"
          value={kind}
          onChange={(value) => onChange({ for: value as RecommendationsState['for'], why: '' })}
          data={[
            { value: 'user', label: 'A user' },
            { value: 'history', label: 'A made-up history' },
          ]}
        />
        {kind === 'user' ? (
          <>
            <UserPicker value={user} onPick={(externalId) => onChange({ user: externalId, why: '' }, { push: true })} />
            {user !== '' && (
              <UserHistory
                externalId={user}
                onTake={(items) => onChange({ for: 'history', history: items, why: '' })}
              />
            )}
          </>
        ) : (
          <HistoryEditor history={history} onChange={(items) => onChange({ history: items, why: '' })} />
        )}
      </Stack>
    </Panel>
  );
}

/** The server takes no longer ones. */
const LONGEST = 200;

interface HistoryEditorProps {
  readonly history: readonly string[];
  readonly onChange: (history: readonly string[]) => void;
}

/** A history made up from items of the shop; shown newest first. */
function HistoryEditor({ history, onChange }: HistoryEditorProps) {
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

interface HistoryItemProps {
  readonly externalId: string;
  readonly onRemove: () => void;
}

function HistoryItem({ externalId, onRemove }: HistoryItemProps) {
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

interface UserHistoryProps {
  readonly externalId: string;
  readonly onTake: (history: readonly string[]) => void;
}

/** The user's last interactions; their items can be taken for a made-up history. */
function UserHistory({ externalId, onTake }: UserHistoryProps) {
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
                  <ItemLink item={item} picture={24} />
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

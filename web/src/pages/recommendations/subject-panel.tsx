import { SegmentedControl, Stack } from '@mantine/core';

import { Panel } from '../../components/panel/panel';
import { UserPicker } from '../../components/pickers/user-picker';
import type { ChangeUrlState } from '../../components/url-state/use-url-state';
import { HistoryEditor } from './history-editor';
import type { RecommendationsState } from './recommendations-state';
import { UserHistory } from './user-history';

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

import { Button, Stack } from '@mantine/core';

import { Icon } from '../../components/icon/icon';
import { Page } from '../../components/page/page';
import { EmptyState } from '../../components/states/empty-state';
import { type ChangeUrlState, useUrlState } from '../../components/url-state/use-url-state';
import { WhyNotPanel } from '../../components/why/why-not';
import { ListColumn } from './list-column';
import classes from './recommendations-page.module.css';
import {
  asSecond,
  optionsOf,
  RECOMMENDATIONS_STATE,
  type RecommendationsState,
  secondSettings,
  type Subject,
  subjectOf,
  variablesOf,
} from './recommendations-state';
import { SettingsPanel } from './settings-panel';
import { SubjectPanel } from './subject-panel';
import { LENGTH, useRecommendations } from './use-recommendations';

/** Makes lists for a user or a made-up history, by one or two versions or settings, and says why each item is in them. */
export function RecommendationsPage() {
  const [state, setState] = useUrlState<RecommendationsState>(RECOMMENDATIONS_STATE);
  const subject = subjectOf(state);
  const { compare } = state;
  return (
    <Page
      title="Recommendations"
      lead="What someone is likely to want next, and why."
      actions={
        <Button
          variant={compare ? 'light' : 'default'}
          leftSection={<Icon name={compare ? 'close' : 'add'} size={16} />}
          onClick={() => setState({ compare: !compare })}
        >
          {compare ? 'One list only' : 'Compare two lists'}
        </Button>
      }
    >
      <div className={classes.layout}>
        <Stack gap="lg">
          <SubjectPanel state={state} onChange={setState} />
          <SettingsPanel title={compare ? 'Settings A' : 'Settings'} settings={state} onChange={setState} />
          {compare && (
            <SettingsPanel
              title="Settings B"
              settings={secondSettings(state)}
              onChange={(changes) => setState(asSecond(changes))}
            />
          )}
        </Stack>
        {subject === null ? (
          <EmptyState
            icon="sparkle"
            title="For whom?"
            text="Pick a user by a part of their ID, or make up a history from any items of the shop."
          />
        ) : (
          <ListsView subject={subject} state={state} onChange={setState} />
        )}
      </div>
    </Page>
  );
}

interface ListsViewProps {
  readonly subject: Subject;
  readonly state: RecommendationsState;
  readonly onChange: ChangeUrlState<RecommendationsState>;
}

/** One list, or two side by side that say where the other has each item. */
function ListsView({ subject, state, onChange }: ListsViewProps) {
  const settingsB = state.compare ? secondSettings(state) : state;
  const first = useRecommendations(subject, state);
  const second = useRecommendations(subject, settingsB);
  const shared = {
    subject,
    why: state.why === '' && state.whyFirst ? null : state.why,
    onExplain: (externalId: string, isExplained: boolean) =>
      onChange({ why: isExplained ? '' : externalId, whyFirst: false }),
    onAdd:
      subject.kind === 'history'
        ? (externalId: string) => onChange({ history: [...subject.history, externalId], why: '' }, { push: true })
        : undefined,
  };
  if (!state.compare) {
    return (
      <Stack gap="lg">
        <ListColumn {...shared} settings={state} title="List" list={first} />
        <WhyNotPanel list={{ ...variablesOf(subject), first: LENGTH, options: optionsOf(state) }} />
      </Stack>
    );
  }
  return (
    <div className={classes.lists}>
      <ListColumn {...shared} settings={state} title="List A" list={first} other={second.result.data?.nodes} />
      <ListColumn {...shared} settings={settingsB} title="List B" list={second} other={first.result.data?.nodes} />
    </div>
  );
}

import type { ChangeUrlState } from '../../components/url-state/use-url-state';
import { ListColumn } from './list-column';
import classes from './recommendations-page.module.css';
import { type RecommendationsState, secondSettings, type Subject } from './recommendations-state';
import { useRecommendations } from './use-recommendations';

interface ListsViewProps {
  readonly subject: Subject;
  readonly state: RecommendationsState;
  readonly onChange: ChangeUrlState<RecommendationsState>;
}

/** One list, or two side by side that say where the other has each item. */
export function ListsView({ subject, state, onChange }: ListsViewProps) {
  const settingsB = state.compare ? secondSettings(state) : state;
  const first = useRecommendations(subject, state);
  const second = useRecommendations(subject, settingsB);
  const shared = {
    subject,
    why: state.why,
    onExplain: (externalId: string) => onChange({ why: externalId === state.why ? '' : externalId }),
    onAdd:
      subject.kind === 'history'
        ? (externalId: string) => onChange({ history: [...subject.history, externalId], why: '' }, { push: true })
        : undefined,
  };
  if (!state.compare) return <ListColumn {...shared} settings={state} title="List" list={first} />;
  return (
    <div className={classes.lists}>
      <ListColumn {...shared} settings={state} title="List A" list={first} other={second.result.data?.nodes} />
      <ListColumn {...shared} settings={settingsB} title="List B" list={second} other={first.result.data?.nodes} />
    </div>
  );
}

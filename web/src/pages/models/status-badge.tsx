import { ExplainedBadge, type Explanation } from '../../components/explained-badge/explained-badge';
import type { ModelStatus } from '../../graphql/graphql';

const STATUSES: Readonly<Record<ModelStatus, Explanation>> = {
  ACTIVE: { label: 'Active', text: 'It makes the recommendations.', color: 'tiger' },
  RETIRED: { label: 'Former', text: 'It was active before and can be activated again.', color: 'gray' },
  TRAINED: { label: 'Ready', text: 'It has not been active yet and can be activated.', color: 'indigo' },
  REJECTED: {
    label: 'Not better',
    text: 'It was worse than the version that was active when its training ended. It can be activated all the same.',
    color: 'gray',
  },
};

/** What a model version does. */
export function StatusBadge({ status }: { readonly status: ModelStatus }) {
  return <ExplainedBadge {...STATUSES[status]} />;
}

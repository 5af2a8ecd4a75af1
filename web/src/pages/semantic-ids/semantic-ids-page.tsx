import { Anchor, SegmentedControl, Stack } from '@mantine/core';
import { Link } from 'react-router';

import { formatCount, formatShare } from '../../components/format/format';
import { Page } from '../../components/page/page';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import { useRenewedQuery } from '../../components/states/use-renewal';
import { codesValue, oneOf, useUrlState } from '../../components/url-state/use-url-state';
import { CodebooksDocument } from '../../graphql/graphql';
import { CodebookPanel } from './codebook-panel';
import { CollisionsPanel } from './collisions-panel';
import { ReassignView } from './reassign/reassign-view';
import { TriePanel } from './trie-panel';

const VIEWS = ['trie', 'codebooks', 'collisions', 'reassign'] as const;

/** `prefix`: the node of the trie in the middle. */
const STATE = { view: oneOf(VIEWS, 'trie'), prefix: codesValue };

/** The names that the model gives to items: their trie, how the codes are used, and the way to give others. */
export function SemanticIdsPage() {
  const [{ view, prefix }, setState] = useUrlState(STATE);
  const variables = { isOfLevels: view === 'codebooks', isOfCollisions: view === 'collisions' };
  const [result, reload] = useRenewedQuery({ query: CodebooksDocument, variables });
  const catalogue = result.data?.catalogue;
  const isEmpty = catalogue?.tokenizedItemCount === 0;
  return (
    <Page
      title="Semantic IDs"
      lead={
        catalogue &&
        !isEmpty &&
        `${formatCount(catalogue.tokenizedItemCount)} of ${formatCount(catalogue.itemCount)} items have one; ${formatShare(catalogue.collisions.rate)} share all codes with another.`
      }
      actions={
        <SegmentedControl
          aria-label="View"
          value={view}
          onChange={(next) => setState({ view: next as typeof view }, { push: true })}
          data={[
            { value: 'trie', label: 'Trie' },
            { value: 'codebooks', label: 'Codebooks' },
            { value: 'collisions', label: 'Collisions' },
            { value: 'reassign', label: 'Reassign' },
          ]}
        />
      }
    >
      {/* The trie asks for its own part, and waits for nothing. */}
      {view === 'trie' && !isEmpty ? (
        <TriePanel prefix={prefix} onOpen={(codes) => setState({ prefix: codes }, { push: true })} />
      ) : (
        <QueryView result={result} what="The semantic IDs" lines={10} onRetry={reload}>
          {({ catalogue: { levels, collisions } }) => {
            if (isEmpty) {
              return (
                <EmptyState
                  icon="semantic-ids"
                  title="No item has a semantic ID"
                  text="Items get them when a model becomes active. A training makes one."
                  action={
                    <Anchor component={Link} to="/training">
                      Go to the training
                    </Anchor>
                  }
                />
              );
            }
            switch (view) {
              case 'trie':
                return null;
              case 'codebooks':
                return (
                  <Stack gap="lg">
                    {(levels ?? []).map((level) => (
                      <CodebookPanel key={level.level} level={level} />
                    ))}
                  </Stack>
                );
              case 'collisions':
                return <CollisionsPanel collisions={collisions} />;
              case 'reassign':
                return <ReassignView prefix={prefix} />;
            }
          }}
        </QueryView>
      )}
    </Page>
  );
}

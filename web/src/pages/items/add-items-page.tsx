import { SegmentedControl } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';

import { GuardNotice } from '../../components/change/guard-notice';
import { LeaveQuestion } from '../../components/change/leave-question';
import { BackLink } from '../../components/page/back-link';
import { Page } from '../../components/page/page';
import { oneOf, type UrlShape, useUrlState } from '../../components/url-state/use-url-state';
import { AddOne } from './add-one';
import { ADDING } from './adding';
import { BulkAdd } from './bulk/bulk-add';
import { type BulkSource, NO_SOURCE } from './bulk/bulk-source';
import { bulkStore } from './bulk/bulk-store';
import { EMPTY_DRAFT, isSameDraft } from './item-draft';

interface AddState {
  readonly how: 'one' | 'many';
}

const STATE: UrlShape<AddState> = { how: oneOf(['one', 'many'], 'one') };

/** Adds items: one by hand, or many from a file. What was typed for either stays while one looks at the other. */
export function AddItemsPage() {
  const [{ how }, setState] = useUrlState<AddState>(STATE);
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [source, setSource] = useState<BulkSource>(NO_SOURCE);
  // What is being added, or was, lies in the store.
  const isStored = useSyncExternalStore(bulkStore.subscribe, () => bulkStore.get() !== null);
  const hasSource = source.file !== null || source.text.trim() !== '';
  return (
    <Page
      title="Add items"
      lead="Each gets its semantic ID at once, and can be recommended in the next request."
      above={<BackLink to="/items">Items</BackLink>}
      actions={
        <SegmentedControl
          aria-label="How many"
          value={how}
          onChange={(value) => setState({ how: value as AddState['how'] })}
          data={[
            { value: 'one', label: 'One' },
            { value: 'many', label: 'Many' },
          ]}
        />
      }
    >
      <GuardNotice {...ADDING} />
      {how === 'one' ? <AddOne draft={draft} onChange={setDraft} /> : <BulkAdd source={source} onChange={setSource} />}
      <LeaveQuestion isUnsaved={!isSameDraft(draft, EMPTY_DRAFT) || (hasSource && !isStored)}>
        What you have typed is not added.
      </LeaveQuestion>
    </Page>
  );
}

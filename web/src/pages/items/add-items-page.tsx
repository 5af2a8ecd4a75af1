import { SegmentedControl } from '@mantine/core';

import { BackLink } from '../../components/page/back-link';
import { Page } from '../../components/page/page';
import { oneOf, type UrlShape, useUrlState } from '../../components/url-state/use-url-state';
import { AddOne } from './add-one';
import { BulkAdd } from './bulk/bulk-add';

interface AddState {
  readonly how: 'one' | 'many';
}

const STATE: UrlShape<AddState> = { how: oneOf(['one', 'many'], 'one') };

/** Adds items: one by hand, or many from a file. */
export function AddItemsPage() {
  const [{ how }, setState] = useUrlState<AddState>(STATE);
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
      {how === 'one' ? <AddOne /> : <BulkAdd />}
    </Page>
  );
}

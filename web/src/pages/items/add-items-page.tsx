import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import { type Dispatch, type FormEvent, type SetStateAction, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { useNavigate } from 'react-router';
import { useClient } from 'urql';

import { noteOwnChange } from '../../app/catalogue-changes';
import { itemPath } from '../../app/paths';
import { announce } from '../../components/change/announce';
import { LeaveQuestion } from '../../components/change/form-dialog';
import { ADDING, GuardNotice, useGuard } from '../../components/change/guard';
import { Problems } from '../../components/change/problems';
import { type Problem, useChange } from '../../components/change/use-change';
import { BackLink, Page } from '../../components/page/page';
import { Panel } from '../../components/panel/panel';
import { oneOf, useUrlState } from '../../components/url-state/use-url-state';
import { ItemExistsDocument, UpsertItemsDocument } from '../../graphql/graphql';
import { BulkAdd } from './bulk/bulk-add';
import { type BulkSource, bulkStore, NO_SOURCE } from './bulk/bulk-store';
import {
  type DraftErrors,
  draftErrors,
  EMPTY_DRAFT,
  isSameDraft,
  type ItemDraft,
  newItemOf,
  sortProblems,
} from './item-draft';
import { ItemFields } from './item-fields';

const STATE = { how: oneOf(['one', 'many'], 'one') };

/** Adds items: one by hand, or many from a file. What was typed for either stays while one looks at the other. */
export function AddItemsPage() {
  const [{ how }, setState] = useUrlState(STATE);
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [source, setSource] = useState<BulkSource>(NO_SOURCE);
  // Items that are being added, or were, are in the store.
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
          onChange={(value) => setState({ how: value as typeof how })}
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

interface AddOneProps {
  readonly draft: ItemDraft;
  readonly onChange: Dispatch<SetStateAction<ItemDraft>>;
}

function AddOne({ draft, onChange }: AddOneProps) {
  const [errors, setErrors] = useState<DraftErrors>({});
  const [others, setOthers] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(UpsertItemsDocument, (data) => data.upsertItems);
  const { isAllowed, ask } = useGuard(ADDING);
  const navigate = useNavigate();
  const client = useClient();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = draftErrors(draft);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    if (!isAllowed) return ask();
    const { data } = await client.query(ItemExistsDocument, { externalId: draft.externalId.trim() }).toPromise();
    if (data?.item?.removedAt === null)
      return setErrors({ externalId: 'Another item has this ID. Its page changes it.' });
    const { payload, problems } = await run({ input: { items: [newItemOf(draft)] } });
    const sorted = sortProblems(problems);
    setErrors(sorted.errors);
    setOthers(sorted.others);
    if (problems.length > 0) return;
    noteOwnChange(payload?.catalogueVersion);
    announce(`“${draft.title.trim()}” is added and can be recommended.`);
    // At once: the page would ask whether to leave what was typed.
    flushSync(() => onChange(EMPTY_DRAFT));
    await navigate(itemPath(draft.externalId.trim()));
  };

  return (
    <Panel title="The item">
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack maw={680}>
          <ItemFields
            draft={draft}
            errors={errors}
            onChange={(changes) => onChange((before) => ({ ...before, ...changes }))}
          />
          <Problems problems={others} />
          <Group>
            <Button type="submit" loading={isRunning}>
              Add the item
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

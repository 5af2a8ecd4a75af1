import { Button, Group, Stack } from '@mantine/core';
import { type Dispatch, type FormEvent, type SetStateAction, useState } from 'react';
import { flushSync } from 'react-dom';
import { useNavigate } from 'react-router';

import { itemPath } from '../../app/paths';
import { announce } from '../../components/change/announce';
import type { Problem } from '../../components/change/problem';
import { Problems } from '../../components/change/problems';
import { useChange } from '../../components/change/use-change';
import { useGuard } from '../../components/change/use-guard';
import { outdatePages } from '../../components/pages/page-store';
import { Panel } from '../../components/panel/panel';
import { AddItemsDocument } from '../../graphql/graphql';
import { ADDING } from './adding';
import { type DraftErrors, draftErrors, EMPTY_DRAFT, type ItemDraft, newItemOf, sortProblems } from './item-draft';
import { ItemFields } from './item-fields';

interface AddOneProps {
  readonly draft: ItemDraft;
  readonly onChange: Dispatch<SetStateAction<ItemDraft>>;
}

/** Adds one item, then shows it. */
export function AddOne({ draft, onChange }: AddOneProps) {
  const [errors, setErrors] = useState<DraftErrors>({});
  const [others, setOthers] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(AddItemsDocument, (data) => data.addItems);
  const { isAllowed, ask } = useGuard(ADDING);
  const navigate = useNavigate();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = draftErrors(draft);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    if (!isAllowed) return ask();
    const { payload, problems } = await run({ input: { items: [newItemOf(draft)] } });
    const sorted = sortProblems(problems);
    setErrors(sorted.errors);
    setOthers(sorted.others);
    if (problems.length > 0) return;
    outdatePages(payload?.catalogueVersion);
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

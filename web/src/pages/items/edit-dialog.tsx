import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';

import { noteOwnChange } from '../../app/catalogue-changes';
import { announce } from '../../components/change/announce';
import { FormDialog } from '../../components/change/form-dialog';
import { Problems } from '../../components/change/problems';
import { type Problem, useChange } from '../../components/change/use-change';
import { itemName } from '../../components/format/format';
import { type ItemDetailQuery, UpdateItemsDocument } from '../../graphql/graphql';
import { type DraftErrors, draftErrors, draftOf, isSameDraft, patchOf, sortProblems } from './item-draft';
import { ItemFields } from './item-fields';

interface EditDialogProps {
  readonly isOpen: boolean;
  readonly item: NonNullable<ItemDetailQuery['item']>;
  readonly onClose: () => void;
}

/** Changes an item; what was typed stays when the server refuses it. */
export function EditDialog({ isOpen, item, onClose }: EditDialogProps) {
  // The fields as they were when the dialog opened: somebody else may change the item meanwhile.
  const [before] = useState(() => draftOf(item));
  const [draft, setDraft] = useState(before);
  const [errors, setErrors] = useState<DraftErrors>({});
  const [others, setOthers] = useState<readonly Problem[]>([]);
  const [reencode, setReencode] = useState(false);
  const { run, isRunning } = useChange(UpdateItemsDocument, (data) => data.updateItems);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = draftErrors(draft, before);
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    const { payload, problems } = await run({ input: { items: [patchOf(item.id, before, draft)], reencode } });
    const sorted = sortProblems(problems);
    setErrors(sorted.errors);
    setOthers(sorted.others);
    if (problems.length > 0) return;
    noteOwnChange(payload?.catalogueVersion);
    announce(`“${itemName(draft)}” is saved.`);
    onClose();
  };

  return (
    <FormDialog
      opened={isOpen}
      isRunning={isRunning}
      isUnsaved={reencode || !isSameDraft(draft, before)}
      onClose={onClose}
      size="lg"
      title="Edit the item"
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <ItemFields
            draft={draft}
            errors={errors}
            isKnown
            onChange={(changes) => setDraft((present) => ({ ...present, ...changes }))}
          />
          <Checkbox
            label="Give it a new semantic ID from the new text"
            description="Otherwise it keeps the codes that it has, and what the model knows about them"
            checked={reencode}
            onChange={({ currentTarget }) => setReencode(currentTarget.checked)}
          />
          <Problems problems={others} />
          <Group justify="flex-end">
            <Button variant="default" disabled={isRunning} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isRunning}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </FormDialog>
  );
}

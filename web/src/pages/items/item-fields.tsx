import { JsonInput, SimpleGrid, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';

import type { DraftErrors, ItemDraft } from './item-draft';

interface ItemFieldsProps {
  readonly draft: ItemDraft;
  readonly errors: DraftErrors;
  /** Whether the item exists: its ID stays. */
  readonly isKnown?: boolean;
  readonly onChange: (changes: Partial<ItemDraft>) => void;
}

/** The fields of an item, to be typed. */
export function ItemFields({ draft, errors, isKnown = false, onChange }: ItemFieldsProps) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label="ID"
          description="The shop's own key"
          required
          disabled={isKnown}
          value={draft.externalId}
          error={errors.externalId}
          onChange={({ currentTarget }) => onChange({ externalId: currentTarget.value })}
        />
        <TextInput
          label="Price"
          description="In the shop's currency"
          inputMode="decimal"
          autoComplete="off"
          value={draft.price}
          error={errors.price}
          onChange={({ currentTarget }) => onChange({ price: currentTarget.value })}
        />
      </SimpleGrid>
      <TextInput
        label="Title"
        dir="auto"
        required
        value={draft.title}
        error={errors.title}
        onChange={({ currentTarget }) => onChange({ title: currentTarget.value })}
      />
      <Textarea
        label="Description"
        dir="auto"
        autosize
        minRows={2}
        maxRows={8}
        value={draft.description}
        error={errors.description}
        onChange={({ currentTarget }) => onChange({ description: currentTarget.value })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label="Brand"
          dir="auto"
          value={draft.brand}
          error={errors.brand}
          onChange={({ currentTarget }) => onChange({ brand: currentTarget.value })}
        />
        <TagsInput
          label="Categories"
          placeholder="Type one, press Enter"
          value={[...draft.categories]}
          error={errors.categories}
          onChange={(categories) => onChange({ categories })}
        />
      </SimpleGrid>
      <JsonInput
        label="Attributes"
        description="Whatever else the shop keeps about it, as JSON"
        autosize
        minRows={2}
        maxRows={8}
        value={draft.attributes}
        error={errors.attributes}
        onChange={(attributes) => onChange({ attributes })}
      />
    </Stack>
  );
}

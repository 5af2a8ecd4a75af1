import { JsonInput, NativeSelect, SimpleGrid, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';

import { AVAILABILITY, type FieldName, FIELDS, ITEM_FIELDS } from './fields';
import type { DraftErrors, ItemDraft } from './item-draft';

interface ItemFieldsProps {
  readonly draft: ItemDraft;
  readonly errors: DraftErrors;
  /** Whether the item exists: its ID stays. */
  readonly isKnown?: boolean;
  readonly onChange: (changes: Partial<ItemDraft>) => void;
}

export function ItemFields(props: ItemFieldsProps) {
  return (
    <Stack gap="sm">
      {LINES.map((names) =>
        names.length === 1 ? (
          <ItemInput key={names[0]} name={names[0]} {...props} />
        ) : (
          <SimpleGrid key={names[0]} cols={{ base: 1, xs: 2 }} spacing="sm">
            {names.map((name) => (
              <ItemInput key={name} name={name} {...props} />
            ))}
          </SimpleGrid>
        ),
      )}
    </Stack>
  );
}

/** The lines of the form: narrow fields stand two in a line. */
const LINES = FIELDS.reduce<readonly (readonly FieldName[])[]>((lines, [name, { isNarrow }]) => {
  const last = lines.at(-1) ?? [];
  const joins = isNarrow && last.length === 1 && 'isNarrow' in ITEM_FIELDS[last[0]];
  return joins ? [...lines.slice(0, -1), [...last, name]] : [...lines, [name]];
}, []);

function ItemInput({ name, draft, errors, isKnown, onChange }: ItemFieldsProps & { readonly name: FieldName }) {
  const { kind, label, help } = FIELDS.find(([field]) => field === name)![1];
  const common = { label, description: help, error: errors[name] };
  const change = (value: string | string[]) => onChange({ [name]: value });
  const typed = { ...common, value: draft[name] as string };
  switch (kind) {
    case 'texts':
      return (
        <TagsInput
          {...common}
          placeholder="Type one, press Enter"
          value={[...(draft[name] as readonly string[])]}
          onChange={change}
        />
      );
    case 'json':
      return <JsonInput {...typed} {...GROWING} onChange={change} />;
    case 'longText':
      return (
        <Textarea {...typed} {...GROWING} dir="auto" onChange={({ currentTarget }) => change(currentTarget.value)} />
      );
    case 'availability':
      return (
        <NativeSelect
          {...typed}
          data={Object.entries(AVAILABILITY).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget }) => change(currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          {...typed}
          {...FORMS[kind]}
          required={name === 'externalId' || name === 'title'}
          disabled={name === 'externalId' && isKnown}
          onChange={({ currentTarget }) => change(currentTarget.value)}
        />
      );
  }
}

/** Properties of the inputs of one line. */
const FORMS = {
  text: { dir: 'auto' },
  price: { inputMode: 'decimal', autoComplete: 'off' },
  address: { type: 'url' },
  picture: { type: 'url' },
  time: { type: 'datetime-local', max: '9999-12-31T23:59' },
} as const;

const GROWING = { autosize: true, minRows: 2, maxRows: 8 };

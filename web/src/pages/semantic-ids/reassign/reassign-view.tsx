import { Button, CloseButton, Group, List, Progress, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';

import { GuardedButton } from '../../../components/change/guard';
import { Problems } from '../../../components/change/problems';
import { Codes } from '../../../components/codes/codes';
import { formatCount, itemName, plural } from '../../../components/format/format';
import { Panel } from '../../../components/panel/panel';
import { ItemPicker } from '../../../components/pickers/pickers';
import { useFreshQuery } from '../../../components/states/use-fresh-query';
import { type ItemNameFragment, ReassignmentProgressDocument } from '../../../graphql/graphql';
import { PreviewPanel } from './preview-panel';
import { type Scope, useReassignment } from './use-reassignment';

/** Gives items other semantic IDs: choose which, look at what would change, then do it. */
export function ReassignView({ prefix }: { readonly prefix: readonly number[] }) {
  const [which, setWhich] = useState<'items' | 'prefix' | 'all'>('items');
  const [items, setItems] = useState<readonly ItemNameFragment[]>([]);
  const [codes, setCodes] = useState('');
  const { preview, problems, isRunning, isLooking, look, apply, drop } = useReassignment();
  const change =
    <V,>(set: (value: V) => void) =>
    (value: V) => {
      drop();
      set(value);
    };
  const isByHand = items.length === 1 && codes.trim() !== '';
  const isCodes = /^\s*\d+([ ,]+\d+)*\s*$/.test(codes);
  const scope = (): Scope => {
    if (which === 'all') return { all: true };
    if (which === 'prefix') return { prefix: [...prefix] };
    if (!isByHand) return { items: items.map(({ id }) => ({ id })) };
    return { assignments: [{ item: { id: items[0].id }, codes: codes.trim().split(/[ ,]+/).map(Number) }] };
  };

  return (
    <Stack gap="lg">
      <Panel title="Reassign" note="nothing changes before you have seen what would">
        <Stack>
          <Radio.Group label="Which items?" value={which} onChange={(value) => change(setWhich)(value as typeof which)}>
            <Stack gap="xs" mt={6}>
              <Radio value="items" label="Some items" />
              <Radio
                value="prefix"
                disabled={prefix.length === 0}
                label={
                  <>All below {prefix.length === 0 ? 'a prefix (choose one in the trie)' : <Codes codes={prefix} />}</>
                }
              />
              <Radio value="all" label="All items" />
            </Stack>
          </Radio.Group>
          {which === 'items' && (
            <>
              <ItemPicker
                label="Add an item"
                onPick={(item) => change(setItems)(items.some(({ id }) => id === item.id) ? items : [...items, item])}
              />
              {items.length > 0 && <ChosenItems items={items} onChange={change(setItems)} />}
              {items.length === 1 && (
                <TextInput
                  label="Codes"
                  description="Empty: the tokenizer chooses, by the item’s text."
                  placeholder="12 24 52"
                  value={codes}
                  error={isByHand && !isCodes ? 'Codes are whole numbers with spaces between.' : null}
                  onChange={({ currentTarget }) => change(setCodes)(currentTarget.value)}
                />
              )}
            </>
          )}
          <Problems problems={problems} />
          <Group>
            <GuardedButton
              needs="ADMIN"
              deed="Reassigning"
              variant={preview === null ? 'filled' : 'default'}
              loading={isRunning}
              disabled={which === 'items' && (items.length === 0 || (isByHand && !isCodes))}
              onClick={() => void look(scope())}
            >
              {problems.length > 0 ? 'Look again' : 'Preview'}
            </GuardedButton>
            {problems.length > 0 && preview !== null && (
              <Text size="sm" c="dimmed">
                The preview below is old; look again before you apply.
              </Text>
            )}
          </Group>
        </Stack>
      </Panel>
      {isRunning && <ReassignProgress onCancel={isLooking ? drop : null} />}
      {preview !== null && <PreviewPanel preview={preview} isRunning={isRunning} onApply={() => void apply()} />}
    </Stack>
  );
}

const ASK_EVERY_MS = 1_000;

interface ReassignProgressProps {
  /** Null: it is being carried out, and comes to its end. */
  readonly onCancel: (() => void) | null;
}

/** How far the server is with a shop of many items, and the way to stop a look ahead. */
function ReassignProgress({ onCancel }: ReassignProgressProps) {
  const [{ data }, ask] = useFreshQuery({ query: ReassignmentProgressDocument, requestPolicy: 'network-only' });
  useInterval(() => ask({ requestPolicy: 'network-only' }), ASK_EVERY_MS, { autoInvoke: true });
  const progress = data?.catalogue.reassignment;
  const percent = progress == null ? 100 : (100 * progress.done) / Math.max(1, progress.total);
  return (
    <Stack gap={6}>
      <Progress value={percent} animated={progress == null} aria-label="Items with new codes" />
      <Group justify="space-between">
        <Text size="sm" role="status">
          {progress == null
            ? 'The server works it out…'
            : `${formatCount(progress.done)} of ${plural(progress.total, 'item')}`}
        </Text>
        {onCancel !== null && (
          <Button size="compact-sm" variant="subtle" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </Group>
    </Stack>
  );
}

interface ChosenItemsProps {
  readonly items: readonly ItemNameFragment[];
  readonly onChange: (items: readonly ItemNameFragment[]) => void;
}

function ChosenItems({ items, onChange }: ChosenItemsProps) {
  return (
    <List size="sm" aria-label="Chosen items">
      {items.map((item) => (
        <List.Item key={item.id}>
          <Group gap={4} wrap="nowrap">
            <Text span size="sm" lineClamp={2}>
              <bdi>{itemName(item)}</bdi>
            </Text>
            <CloseButton
              size="xs"
              aria-label={`Take out ${itemName(item)}`}
              onClick={() => onChange(items.filter(({ id }) => id !== item.id))}
            />
          </Group>
        </List.Item>
      ))}
    </List>
  );
}

import { Button, CloseButton, Group, NativeSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';

import { FilterFields } from '../../components/filter/filter-fields';
import { itemName } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { ItemLink } from '../../components/item-list/item-list';
import { Panel } from '../../components/panel/panel';
import { ItemPicker } from '../../components/pickers/pickers';
import type { ItemNameFragment, QuotaField } from '../../graphql/graphql';
import { type DraftRule, freePlace, isWhole, type RuleAction, ruleText } from './draft';
import { endOfDay, lastDayOf, nextFriday, startDayOf, startOfDay } from './rule-days';

interface RulesPanelProps {
  readonly rules: readonly DraftRule[];
  /** What is wrong with a rule, by its place among them. */
  readonly faults: ReadonlyMap<number, readonly string[]>;
  /** Whether they hold for all lists of the shop, which have hide rules alone. */
  readonly isOfAllLists: boolean;
  readonly onChange: (rules: readonly DraftRule[]) => void;
}

const NEW_RULES: readonly (readonly [label: string, action: RuleAction])[] = [
  ['Hide', { kind: 'hide', filter: {} }],
  ['Boost', { kind: 'boost', filter: {}, factor: 2 }],
  ['Bury', { kind: 'boost', filter: {}, factor: 0.5 }],
  ['At most', { kind: 'atMost', of: 'BRAND', count: 2 }],
  ['Not shown again', { kind: 'notShownFor', hours: 24 }],
];

/** The rules of a placement: pins by picking items, the others by a button each. */
export function RulesPanel({ rules, faults, isOfAllLists, onChange }: RulesPanelProps) {
  const [end, setEnd] = useState<'none' | 'friday'>('none');
  const until = end === 'none' ? null : nextFriday();
  const add = (action: RuleAction) => onChange([...rules, { action, from: null, until }]);
  const pin = (item: ItemNameFragment) => add({ kind: 'pin', item, place: freePlace(rules) });
  const change = (index: number, changes: Partial<DraftRule>) =>
    onChange(rules.map((rule, other) => (other === index ? { ...rule, ...changes } : rule)));
  return (
    <Panel title="Rules" note="they move the rank; the probability stays the model’s" isFlush>
      <Stack gap="sm" p="md">
        {!isOfAllLists && (
          <ItemPicker label="Pin items" placeholder="Title or ID, at the next free place" onPick={pin} />
        )}
        <Group gap="xs">
          {NEW_RULES.filter(([, { kind }]) => !isOfAllLists || kind === 'hide').map(([label, action]) => (
            <Button
              key={label}
              size="compact-sm"
              variant="default"
              leftSection={<Icon name="add" size={14} />}
              onClick={() => add(action)}
            >
              {label}
            </Button>
          ))}
        </Group>
        <Group gap="xs">
          <Text size="sm">New rules end</Text>
          <SegmentedControl
            aria-label="New rules end"
            size="xs"
            data={[
              { value: 'none', label: 'never' },
              { value: 'friday', label: 'after Friday' },
            ]}
            value={end}
            onChange={(value) => setEnd(value as typeof end)}
          />
        </Group>
      </Stack>
      <ol aria-label="Rules" className="plain">
        {rules.map((rule, index) => (
          <RuleRow
            key={index}
            rule={rule}
            faults={faults.get(index) ?? []}
            onChange={(changes) => change(index, changes)}
            onRemove={() => onChange(rules.toSpliced(index, 1))}
          />
        ))}
      </ol>
    </Panel>
  );
}

interface RuleRowProps {
  readonly rule: DraftRule;
  readonly faults: readonly string[];
  readonly onChange: (changes: Partial<DraftRule>) => void;
  readonly onRemove: () => void;
}

function RuleRow({ rule, faults, onChange, onRemove }: RuleRowProps) {
  const { action, from, until } = rule;
  const said = isWhole(rule) ? faults : ['Say which items it is about.', ...faults];
  return (
    <li style={{ borderTop: '1px solid var(--panel-border)', padding: '10px 16px' }}>
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <ActionFields action={action} onChange={(next) => onChange({ action: next })} />
          <CloseButton size="sm" aria-label={`Remove the rule: ${ruleText(rule)}`} onClick={onRemove} />
        </Group>
        <Group gap="xs">
          <DayField
            label="from"
            value={from === null ? '' : startDayOf(from)}
            onChange={(day) => onChange({ from: day === '' ? null : startOfDay(day) })}
          />
          <DayField
            label="last day"
            value={until === null ? '' : lastDayOf(until)}
            onChange={(day) => onChange({ until: day === '' ? null : endOfDay(day) })}
          />
        </Group>
        {said.map((fault) => (
          <Text key={fault} size="xs" c="var(--mantine-color-error)" role="status">
            {fault}
          </Text>
        ))}
      </Stack>
    </li>
  );
}

interface DayFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}

function DayField({ label, value, onChange }: DayFieldProps) {
  return (
    <TextInput
      aria-label={label === 'from' ? 'In force from' : 'Last day in force'}
      type="date"
      size="xs"
      max="9999-12-30"
      leftSection={label}
      leftSectionWidth={20 + label.length * 7}
      leftSectionProps={{ 'aria-hidden': true }}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

interface ActionFieldsProps {
  readonly action: RuleAction;
  readonly onChange: (action: RuleAction) => void;
}

function ActionFields({ action, onChange }: ActionFieldsProps) {
  switch (action.kind) {
    case 'pin':
      return (
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Text size="sm">Pin</Text>
          <ItemLink item={action.item} lines={2} fw={500} picture={28} />
          <Count
            label={`Place of ${itemName(action.item)}`}
            before="at"
            most={500}
            value={action.place}
            onChange={(place) => onChange({ ...action, place })}
          />
        </Group>
      );
    case 'hide':
      return (
        <Stack gap={6} flex={1} miw={0}>
          <Text size="sm">Hide</Text>
          <FilterFields filter={action.filter} onChange={(filter) => onChange({ ...action, filter })} />
        </Stack>
      );
    case 'boost':
      return (
        <Stack gap={6} flex={1} miw={0}>
          <Group gap="xs">
            <Text size="sm">{action.factor < 1 ? 'Bury' : 'Boost'}</Text>
            <Count
              label="Factor"
              before="×"
              isWhole={false}
              most={100}
              value={action.factor}
              onChange={(factor) => onChange({ ...action, factor })}
            />
          </Group>
          <FilterFields filter={action.filter} onChange={(filter) => onChange({ ...action, filter })} />
        </Stack>
      );
    case 'atMost':
      return (
        <Group gap="xs">
          <Text size="sm">At most</Text>
          <Count
            label="How many"
            most={100}
            value={action.count}
            onChange={(count) => onChange({ ...action, count })}
          />
          <NativeSelect
            aria-label="Of one"
            size="xs"
            data={[
              { value: 'BRAND', label: 'of one brand' },
              { value: 'CATEGORY', label: 'of one category' },
              { value: 'GROUP', label: 'of one group' },
            ]}
            value={action.of}
            onChange={({ currentTarget }) => onChange({ ...action, of: currentTarget.value as QuotaField })}
          />
        </Group>
      );
    case 'notShownFor':
      return (
        <Group gap="xs">
          <Text size="sm">Not what the user was shown in the last</Text>
          <Count label="Hours" most={720} value={action.hours} onChange={(hours) => onChange({ ...action, hours })} />
          <Text size="sm">hours</Text>
        </Group>
      );
  }
}

interface CountProps {
  readonly label: string;
  readonly before?: string;
  readonly isWhole?: boolean;
  /** The greatest number that the server takes. */
  readonly most: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A small number. */
function Count({ label, before, isWhole = true, most, value, onChange }: CountProps) {
  const least = isWhole ? 1 : 0.01;
  return (
    <TextInput
      aria-label={label}
      type="number"
      size="xs"
      w={84}
      min={least}
      max={most}
      error={value < least || value > most ? `${least} to ${most}` : undefined}
      step={isWhole ? 1 : 'any'}
      leftSection={before}
      leftSectionProps={{ 'aria-hidden': true }}
      value={value}
      onChange={({ currentTarget: { valueAsNumber } }) => !Number.isNaN(valueAsNumber) && onChange(valueAsNumber)}
    />
  );
}

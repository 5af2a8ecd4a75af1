import { Checkbox, Group, NativeSelect, SimpleGrid, Table, Text } from '@mantine/core';

import { formatFigure } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { Figure } from '../../components/quality/quality-figures';
import type { ModelRowFragment } from '../../graphql/graphql';
import { compareFigures, type Difference, type ModelsState, verdictOf } from './compare-figures';
import { Origin } from './origin';

/** The model's own quality and its heads', without baselines and codebooks. */
const MAIN_FIGURES = /^((decoder|item-head)\.)?(ndcg@|recall@|mrr$)/;

interface ComparePanelProps {
  readonly models: readonly ModelRowFragment[];
  /** Null: there is one version alone. */
  readonly a: ModelRowFragment | null;
  readonly b: ModelRowFragment;
  readonly isAll: boolean;
  readonly onChange: (changes: Partial<ModelsState>) => void;
}

/** Two versions beside each other: where they came from, their figures, and what the differences allow to say. */
export function ComparePanel({ models, a, b, isAll, onChange }: ComparePanelProps) {
  const rows = compareFigures(a?.metrics ?? [], b.metrics).filter(({ name }) => isAll || MAIN_FIGURES.test(name));
  const options = models.map(({ number, status }) => ({
    value: String(number),
    label: `Version ${number}${status === 'ACTIVE' ? ' (active)' : ''}`,
  }));
  const sides = [
    ['a', a],
    ['b', b],
  ] as const;
  const viewportProps = { tabIndex: 0, role: 'region', 'aria-label': 'Figures' };
  return (
    <Panel title="Compare" note="on held-out interactions, with 95 % intervals">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {sides.map(
          ([side, model]) =>
            model && (
              <div key={side}>
                <NativeSelect
                  label={side === 'a' ? 'Version A' : 'Version B'}
                  data={options}
                  value={String(model.number)}
                  onChange={({ currentTarget: { value } }) => onChange({ [side]: Number(value) })}
                  mb="xs"
                />
                <Origin model={model} />
              </div>
            ),
        )}
      </SimpleGrid>
      <Table.ScrollContainer minWidth={a === null ? 300 : 560} mt="md" scrollAreaProps={{ viewportProps }}>
        <Table aria-label="Figures of both versions" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Figure</Table.Th>
              {a && <Table.Th ta="end">Version {a.number}</Table.Th>}
              <Table.Th ta="end">Version {b.number}</Table.Th>
              {a && <Table.Th ta="end">Difference</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, a: one, b: other, difference }) => (
              <Table.Tr key={name}>
                <Table.Td ff="monospace">{name}</Table.Td>
                {a && <FigureCell figure={one} />}
                <FigureCell figure={other} />
                {a && (
                  <Table.Td ta="end" className="numeric">
                    {difference === null ? '–' : <DifferenceText difference={difference} />}
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group justify="space-between" mt="sm">
        <Checkbox
          size="xs"
          label={`All ${b.metrics.length} figures`}
          checked={isAll}
          onChange={({ currentTarget }) => onChange({ all: currentTarget.checked })}
        />
        <Text size="xs" c="dimmed">
          {a === null
            ? 'Train another version to compare the two.'
            : 'Both are measured alone; the true interval of the difference is narrower where the users are the same.'}
        </Text>
      </Group>
    </Panel>
  );
}

function FigureCell({ figure }: { readonly figure: Figure | null }) {
  return (
    <Table.Td ta="end" className="numeric">
      {figure === null ? '–' : formatFigure(figure.value)}
      {figure?.low != null && figure.high != null && (
        <Text span size="xs" c="dimmed" ms={6}>
          {formatFigure(figure.low)}–{formatFigure(figure.high)}
        </Text>
      )}
    </Table.Td>
  );
}

const VERDICTS = { higher: 'higher', lower: 'lower', unclear: 'not told apart' };

function DifferenceText({ difference }: { readonly difference: Difference }) {
  const { value, low, high } = difference;
  const sign = (figure: number) => (figure > 0 ? '+' : '') + formatFigure(figure);
  return (
    <>
      {sign(value)}
      {low !== null && high !== null && (
        <Text span size="xs" c="dimmed" ms={6}>
          {sign(low)} to {sign(high)}, {VERDICTS[verdictOf(difference)]}
        </Text>
      )}
    </>
  );
}

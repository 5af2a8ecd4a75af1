import { Checkbox, Group, NativeSelect, SimpleGrid, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

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
  readonly a: ModelRowFragment | null;
  readonly b: ModelRowFragment | null;
  /** The numbers that the address has and that no listed version has. */
  readonly unknown: readonly number[];
  readonly isAll: boolean;
  readonly onChange: (changes: Partial<ModelsState>) => void;
}

/** Two versions beside each other: where they came from, their figures, and what the differences allow to say. */
export function ComparePanel({ models, a, b, unknown, isAll, onChange }: ComparePanelProps) {
  if (a === null || b === null) return <OnlyVersion model={a ?? b} isAll={isAll} onChange={onChange} />;
  const rows = compareFigures(a.metrics, b.metrics).filter(({ name }) => isAll || MAIN_FIGURES.test(name));
  const options = models.map(({ number, status }) => ({
    value: String(number),
    label: `Version ${number}${status === 'ACTIVE' ? ' (active)' : ''}`,
  }));
  return (
    <Panel title="Compare" note="on held-out interactions, with 95 % intervals">
      {unknown.length > 0 && (
        <Text size="sm" mb="sm" role="status">
          {unknown.map((number) => `Version ${number} is not listed above.`).join(' ')}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {(['a', 'b'] as const).map((side) => (
          <div key={side}>
            <NativeSelect
              label={side === 'a' ? 'Version A' : 'Version B'}
              data={options}
              value={String((side === 'a' ? a : b).number)}
              onChange={({ currentTarget: { value } }) => onChange({ [side]: Number(value) })}
              mb="xs"
            />
            <Origin model={side === 'a' ? a : b} />
          </div>
        ))}
      </SimpleGrid>
      <FiguresTable
        label="Figures of both versions"
        minWidth={560}
        headers={[`Version ${a.number}`, `Version ${b.number}`, 'Difference']}
      >
        {rows.map(({ name, a: one, b: other, difference }) => (
          <Table.Tr key={name}>
            <Table.Td ff="monospace">{name}</Table.Td>
            <FigureCell figure={one} />
            <FigureCell figure={other} />
            <Table.Td ta="end" className="numeric">
              {difference === null ? '–' : <DifferenceText difference={difference} />}
            </Table.Td>
          </Table.Tr>
        ))}
      </FiguresTable>
      <Group justify="space-between" mt="sm">
        <AllFigures model={b} isAll={isAll} onChange={onChange} />
        <Text size="xs" c="dimmed">
          Both are measured alone; the true interval of the difference is narrower where the users are the same.
        </Text>
      </Group>
    </Panel>
  );
}

interface OnlyVersionProps extends Pick<ComparePanelProps, 'isAll' | 'onChange'> {
  readonly model: ModelRowFragment | null;
}

function OnlyVersion({ model, isAll, onChange }: OnlyVersionProps) {
  if (model === null) return null;
  const figures = model.metrics.filter(({ name }) => isAll || MAIN_FIGURES.test(name));
  return (
    <Panel
      title={`Version ${model.number}`}
      note="on held-out interactions, with 95 % intervals; train another one to compare the two"
    >
      <Origin model={model} />
      <FiguresTable
        label="Figures of the version"
        minWidth={300}
        // Two columns alone are read across an empty middle.
        maxWidth={560}
        headers={[`Version ${model.number}`]}
      >
        {figures.map((figure) => (
          <Table.Tr key={figure.name}>
            <Table.Td ff="monospace">{figure.name}</Table.Td>
            <FigureCell figure={figure} />
          </Table.Tr>
        ))}
      </FiguresTable>
      <Group mt="sm">
        <AllFigures model={model} isAll={isAll} onChange={onChange} />
      </Group>
    </Panel>
  );
}

interface FiguresTableProps {
  readonly label: string;
  readonly minWidth: number;
  readonly maxWidth?: number;
  readonly headers: readonly string[];
  readonly children: ReactNode;
}

function FiguresTable({ label, minWidth, maxWidth, headers, children }: FiguresTableProps) {
  const viewportProps = { tabIndex: 0, role: 'region', 'aria-label': 'Figures' };
  return (
    <Table.ScrollContainer minWidth={minWidth} maw={maxWidth} mt="md" scrollAreaProps={{ viewportProps }}>
      <Table aria-label={label} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Figure</Table.Th>
            {headers.map((header) => (
              <Table.Th key={header} ta="end">
                {header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface AllFiguresProps extends Pick<ComparePanelProps, 'isAll' | 'onChange'> {
  readonly model: ModelRowFragment;
}

function AllFigures({ model, isAll, onChange }: AllFiguresProps) {
  return (
    <Checkbox
      size="xs"
      label={`All ${model.metrics.length} figures`}
      checked={isAll}
      onChange={({ currentTarget }) => onChange({ all: currentTarget.checked })}
    />
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

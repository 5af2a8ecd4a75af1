import { Button } from '@mantine/core';

import type { Column } from '../../components/data-table/column';
import { Ago } from '../../components/format/ago';
import { formatCount, formatFigure, presetName } from '../../components/format/format';
import { AboveStrongest } from '../../components/quality/above-strongest';
import type { ModelRowFragment } from '../../graphql/graphql';
import { StatusBadge } from './origin';

export function modelColumns(onActivate: (model: ModelRowFragment) => void): readonly Column<ModelRowFragment>[] {
  return [
    { id: 'number', header: 'Version', width: 'minmax(50px, 72px)', render: ({ number }) => number },
    {
      id: 'status',
      header: 'Status',
      width: 'minmax(80px, 1fr)',
      render: ({ status }) => <StatusBadge status={status} />,
    },
    {
      id: 'preset',
      header: 'Preset',
      width: 'minmax(70px, 1fr)',
      isMinor: true,
      render: ({ preset }) => presetName(preset),
    },
    figureColumn('ndcg@10', 'NDCG@10'),
    {
      id: 'above',
      header: 'Above counts',
      width: 'minmax(100px, 1fr)',
      isMinor: true,
      render: (model) => <AboveStrongest model={model} />,
    },
    { ...figureColumn('recall@10', 'Recall@10'), isMinor: true },
    {
      id: 'made',
      header: 'Made',
      width: 'minmax(124px, 1fr)',
      isMinor: true,
      render: ({ createdAt }) => <Ago at={createdAt} />,
    },
    {
      id: 'parameters',
      header: 'Parameters',
      width: 'minmax(100px, 1fr)',
      isNumeric: true,
      isMinor: true,
      render: ({ parameterCount }) => formatCount(parameterCount),
    },
    {
      id: 'activate',
      header: 'Change',
      width: 'minmax(72px, 100px)',
      render: (model) =>
        model.status !== 'ACTIVE' && (
          <Button
            size="compact-xs"
            variant="default"
            aria-label={`Activate version ${model.number}`}
            onClick={() => onActivate(model)}
          >
            Activate
          </Button>
        ),
    },
  ];
}

function figureColumn(name: string, header: string): Column<ModelRowFragment> {
  return {
    id: name,
    header,
    width: 'minmax(70px, 1fr)',
    isNumeric: true,
    render: ({ metrics }) => {
      const figure = metrics.find((metric) => metric.name === name);
      return figure === undefined ? '–' : formatFigure(figure.value);
    },
  };
}

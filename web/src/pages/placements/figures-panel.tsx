import { SimpleGrid, Title } from '@mantine/core';

import { DefinitionList } from '../../components/definition-list/definition-list';
import { formatCount } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { PlacementFiguresRowFragment } from '../../graphql/graphql';
import { Maker, Revenues, Share } from './placement-columns';

interface FiguresPanelProps {
  readonly figures: readonly PlacementFiguresRowFragment[];
  readonly days: number;
}

/** All figures of one placement, by what made its lists. */
export function FiguresPanel({ figures, days }: FiguresPanelProps) {
  if (figures.length === 0) return null;
  return (
    <Panel title="What its lists did" note={`in ${days} days, with 95 % intervals`}>
      <SimpleGrid cols={{ base: 1, sm: Math.min(2, figures.length), lg: Math.min(3, figures.length) }}>
        {figures.map((each, index) => (
          <section key={index}>
            <Title order={3} mb="xs">
              <Maker figures={each} />
            </Title>
            <DefinitionList
              entries={[
                ['Lists', formatCount(each.lists)],
                ['Clicked', <Share key="clicked" share={each.clicked} what="list" />],
                ['In cart', <Share key="cart" share={each.cart} what="list" />],
                ['Purchased', <Share key="purchased" share={each.purchased} what="list" />],
                ['Revenue', <Revenues key="revenue" revenue={each.revenue} />],
                ['Dismissed', <Share key="dismissed" share={each.dismissed} what="list" />],
                ['Coverage', <Share key="coverage" share={each.coverage} what="item" />],
              ]}
            />
          </section>
        ))}
      </SimpleGrid>
    </Panel>
  );
}

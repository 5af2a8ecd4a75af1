import { Anchor, Code, Text } from '@mantine/core';
import { Link } from 'react-router';

import { prefixItemsPath } from '../../app/paths';
import { Codes } from '../../components/codes/codes';
import { amongThem, plural } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { ItemDetailQuery } from '../../graphql/graphql';
import classes from './semantic-id-panel.module.css';

interface SemanticIdPanelProps {
  readonly semanticId: NonNullable<ItemDetailQuery['item']>['semanticId'] | null;
  readonly isRemoved: boolean;
}

/** The codes of an item as a path down the trie, with how many items are left after each. */
export function SemanticIdPanel({ semanticId, isRemoved }: SemanticIdPanelProps) {
  if (!semanticId) {
    return (
      <Panel title="Semantic ID">
        <Text size="sm" c="dimmed">
          {isRemoved ? 'It has none while it is removed.' : 'It has none: no model is active that could give it one.'}
        </Text>
      </Panel>
    );
  }
  const last = semanticId.prefixes.length - 1;
  return (
    <Panel title="Semantic ID" actions={<Code>{semanticId.text}</Code>} isFlush>
      <ol className="plain">
        {semanticId.prefixes.map(({ codes, itemCount, terms }, level) => (
          <li key={level} className={classes.step}>
            <Codes codes={codes} />
            <Text size="sm" c="dimmed" truncate dir="auto" ta="left">
              {level === last ? 'this item' : amongThem(terms, 3)}
            </Text>
            {level < last && (
              <Anchor component={Link} to={prefixItemsPath(codes)} size="sm" className="numeric">
                {plural(itemCount, 'item')}
              </Anchor>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}

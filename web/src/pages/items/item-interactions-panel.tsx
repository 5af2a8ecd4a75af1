import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { userPath } from '../../app/paths';
import { formatCount } from '../../components/format/format';
import { InteractionsPanel } from '../../components/interactions/interactions-panel';
import { usePages } from '../../components/pages/use-pages';
import { ItemInteractionsDocument } from '../../graphql/graphql';

interface ItemInteractionsPanelProps {
  readonly externalId: string;
  readonly count: number;
}

/** Who did what with an item, what was recorded last first. */
export function ItemInteractionsPanel({ externalId, count }: ItemInteractionsPanelProps) {
  const pages = usePages({
    query: ItemInteractionsDocument,
    variables: { externalId, first: 10 },
    select: (data) => data.item?.interactions,
  });
  return (
    <InteractionsPanel
      title="Interactions"
      note={`${formatCount(count)}, last recorded first`}
      pages={pages}
      what="The interactions"
      empty="Nobody has done anything with it so far."
      renderOther={({ user }) => (
        <Anchor component={Link} to={userPath(user.externalId)} size="sm">
          {user.externalId}
        </Anchor>
      )}
    />
  );
}

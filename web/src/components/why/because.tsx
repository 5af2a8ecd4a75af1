import { Anchor, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { Link } from 'react-router';

import { itemPath } from '../../app/paths';
import { type BecauseOfQuery, type BecauseOfQueryVariables, BecauseOfDocument } from '../../graphql/graphql';
import { INTERACTION_KINDS, itemName } from '../format/format';
import { type FreshResult, useFreshQuery } from '../states/use-fresh-query';

type Because = NonNullable<NonNullable<BecauseOfQuery['recommendations']>['nodes'][number]['because']>;

export interface Reasons {
  readonly result: FreshResult<BecauseOfQuery>;
  retry(): void;
  /** @returns Undefined while it is not known. */
  of(itemId: string): Because | undefined;
}

/** Asks what a list owes to each item of the history. The server makes up to 20 more lists for it. @param isWanted - Asks only then. */
export function useBecause(variables: BecauseOfQueryVariables, isWanted: boolean): Reasons {
  const [result, ask] = useFreshQuery({ query: BecauseOfDocument, variables, pause: !isWanted });
  const nodes = isWanted ? (result.data?.recommendations?.nodes ?? []) : [];
  return {
    result,
    retry: () => ask({ requestPolicy: 'network-only' }),
    of: (itemId) => nodes.find(({ item }) => item.id === itemId)?.because ?? undefined,
  };
}

/** Says in words what of the history speaks for an item: "because they bought X". */
export function BecauseText({ because }: { readonly because: Because | undefined }) {
  if (because === undefined) return null;
  if (because.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        Nothing of the history alone speaks for it.
      </Text>
    );
  }
  const kinds = [...new Set(because.map(({ kind }) => kind))];
  const deeds = kinds.map((kind) => (
    <Fragment key={kind}>
      {INTERACTION_KINDS[kind].toLowerCase()}{' '}
      {inWords(because.filter((one) => one.kind === kind).map(({ item }) => <Name key={item.id} item={item} />))}
    </Fragment>
  ));
  return <Text size="xs">Because they {inWords(deeds)}</Text>;
}

function Name({ item }: { readonly item: Because[number]['item'] }) {
  return (
    <Anchor component={Link} to={itemPath(item.externalId)} inherit>
      <bdi>{itemName(item)}</bdi>
    </Anchor>
  );
}

/** @returns Such as `A, B and C`. */
function inWords(parts: readonly ReactNode[]): ReactNode {
  return parts.map((part, index) => (
    <Fragment key={index}>
      {index > 0 && (index === parts.length - 1 ? ' and ' : ', ')}
      {part}
    </Fragment>
  ));
}

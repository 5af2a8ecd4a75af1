import { Anchor, Breadcrumbs, SimpleGrid, Skeleton, Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { prefixItemsPath } from '../../app/paths';
import { Codes } from '../../components/codes/codes';
import { amongThem, itemName, plural } from '../../components/format/format';
import { ItemLink } from '../../components/item-list/item-list';
import { TurnPages } from '../../components/pages/turn-pages';
import { type Pages, usePages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { Failure } from '../../components/states/failure';
import { QueryView } from '../../components/states/query-view';
import { useRenewal, useRenewedQuery } from '../../components/states/use-renewal';
import {
  type TrieChildFragment,
  TrieChildrenDocument,
  TrieNodeDocument,
  type TrieNodeQuery,
} from '../../graphql/graphql';
import { Sunburst } from './sunburst';
import classes from './trie-panel.module.css';

const CODES_PER_PAGE = 100;

interface TriePanelProps {
  readonly prefix: readonly number[];
  readonly onOpen: (codes: readonly number[]) => void;
}

/** The trie below one node, as rings and as a list; each code opens its own part. */
export function TriePanel({ prefix, onOpen }: TriePanelProps) {
  const [result, reload] = useRenewedQuery({ query: TrieNodeDocument, variables: { codes: [...prefix] } });
  // Both at once: the second does not wait for the first.
  const children = usePages({
    query: TrieChildrenDocument,
    // The large shelves below the root all have terms, and names of items are many reads there.
    variables: { codes: [...prefix], isRoot: prefix.length === 0, first: CODES_PER_PAGE },
    select: (data) => data.semanticIdPrefix?.children,
  });
  useRenewal(children.isLoading, children.reload);
  const path = [[], ...prefix.map((_, level) => prefix.slice(0, level + 1))];
  return (
    <Panel
      title={
        <Breadcrumbs separator="›">
          {path.map((codes) => (
            <Anchor key={codes.length} component="button" type="button" onClick={() => onOpen(codes)} fw={600}>
              {codes.length === 0 ? 'All items' : codes[codes.length - 1]}
            </Anchor>
          ))}
        </Breadcrumbs>
      }
    >
      <QueryView result={result} what="The trie" lines={10} onRetry={reload}>
        {({ semanticIdPrefix: node }) =>
          node == null || node.itemCount === 0 ? (
            <EmptyState
              icon="semantic-ids"
              title="No semantic ID begins with these codes"
              text="Items get semantic IDs from an active model. After a change of the model the codes are others."
            />
          ) : (
            <TrieBelow key={node.codes.join('.')} node={node} pages={children} onOpen={onOpen} />
          )
        }
      </QueryView>
    </Panel>
  );
}

type TrieNode = NonNullable<TrieNodeQuery['semanticIdPrefix']>;

interface TrieBelowProps extends Pick<TriePanelProps, 'onOpen'> {
  readonly node: TrieNode;
  readonly pages: Pages<TrieChildFragment>;
}

/** The codes that follow a node; below the last ones, the items. */
function TrieBelow({ node: { codes, itemCount, terms, items }, pages, onOpen }: TrieBelowProps) {
  const { rows, isLoading, error } = pages;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      {rows.length > 0 && <Sunburst codes={codes} rows={rows} onOpen={onOpen} />}
      <div>
        <Text size="sm" mb="xs" style={{ overflowWrap: 'anywhere' }}>
          <Anchor component={Link} to={prefixItemsPath(codes)} underline="always">
            {plural(itemCount, 'item')}
          </Anchor>
          {terms.length > 0 && (
            <>
              , <bdi>{amongThem(terms, 3)}</bdi>
            </>
          )}
        </Text>
        {rows.length > 0 && <CodeList pages={pages} onOpen={onOpen} />}
        {rows.length === 0 && isLoading && <Skeleton height={240} />}
        {rows.length === 0 && !isLoading && !error && <LastItems items={items.nodes} />}
        {error && <Failure error={error} title="The codes could not be loaded" onRetry={pages.reload} />}
      </div>
    </SimpleGrid>
  );
}

interface CodeListProps extends Pick<TriePanelProps, 'onOpen'> {
  readonly pages: Pages<TrieChildFragment>;
}

function CodeList({ pages, onOpen }: CodeListProps) {
  return (
    <>
      <ul className={classes.children} aria-label="Codes that follow" tabIndex={0}>
        {pages.rows.map((child) => (
          <li key={child.codes.join('.')}>
            <UnstyledButton className={classes.child} onClick={() => onOpen(child.codes)}>
              <Codes codes={child.codes} />
              <span className={classes.name} dir="auto">
                {contentOf(child)}
              </span>
              <Text span size="xs" c="dimmed" className="numeric">
                {plural(child.itemCount, 'item')}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <TurnPages pages={pages} />
    </>
  );
}

function LastItems({ items }: { readonly items: TrieNode['items']['nodes'] }) {
  return (
    <ul aria-label="Items">
      {items.map((item) => (
        <li key={item.id}>
          <ItemLink item={item} lines={2} picture={28} c="var(--mantine-color-anchor)" />
        </li>
      ))}
    </ul>
  );
}

/** @returns Terms that tell it apart; where nothing does, the name of one of its items. */
function contentOf({ terms, items }: TrieChildFragment): ReactNode {
  if (terms.length > 0) return amongThem(terms, 2);
  if (items == null || items.nodes.length === 0) return null;
  return (
    <>
      such as <bdi>{itemName(items.nodes[0])}</bdi>
    </>
  );
}

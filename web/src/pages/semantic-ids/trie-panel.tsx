import { Anchor, Breadcrumbs, SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { itemPath, prefixItemsPath } from '../../app/paths';
import { Codes } from '../../components/codes/codes';
import { plural } from '../../components/format/plural';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { TrieNodeDocument } from '../../graphql/graphql';
import { Sunburst } from './sunburst';
import classes from './trie-panel.module.css';
import type { TrieNode } from './trie-rings';

interface TriePanelProps {
  readonly prefix: readonly number[];
  readonly onOpen: (codes: readonly number[]) => void;
}

/** The trie below one node, as rings and as a list; each code opens its own part. */
export function TriePanel({ prefix, onOpen }: TriePanelProps) {
  const [result, query] = useFreshQuery({ query: TrieNodeDocument, variables: { codes: [...prefix] } });
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
      <QueryView result={result} what="The trie" lines={10} onRetry={() => query({ requestPolicy: 'network-only' })}>
        {({ semanticIdPrefix: node }) =>
          node == null || node.itemCount === 0 ? (
            <EmptyState
              icon="semantic-ids"
              title="No semantic ID begins with these codes"
              text="Items get semantic IDs from an active model. After a change of the model the codes are others."
            />
          ) : (
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              {node.children.nodes.length > 0 && <Sunburst node={node} onOpen={onOpen} />}
              <TrieList node={node} onOpen={onOpen} />
            </SimpleGrid>
          )
        }
      </QueryView>
    </Panel>
  );
}

function TrieList({ node, onOpen }: { readonly node: TrieNode; readonly onOpen: TriePanelProps['onOpen'] }) {
  const { codes, itemCount, topCategories, children, items } = node;
  return (
    <div>
      <Text size="sm" mb="xs">
        <Anchor component={Link} to={prefixItemsPath(codes)} underline="always">
          {plural(itemCount, 'item')}
        </Anchor>
        {topCategories.length > 0 && `, mostly ${topCategories.slice(0, 3).join(', ')}`}
      </Text>
      {children.nodes.length > 0 ? (
        <ul className={classes.children} aria-label="Codes that follow" tabIndex={0}>
          {children.nodes.map((child) => (
            <li key={child.codes.join('.')}>
              <UnstyledButton className={classes.child} onClick={() => onOpen(child.codes)}>
                <Codes codes={child.codes} />
                <span className={classes.name}>{contentOf(child)}</span>
                <Text span size="xs" c="dimmed" className="numeric">
                  {plural(child.itemCount, 'item')}
                </Text>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      ) : (
        <ul aria-label="Items">
          {items.nodes.map(({ id, externalId, title }) => (
            <li key={id}>
              <Anchor component={Link} to={itemPath(externalId)} size="sm" lineClamp={2}>
                <bdi>{title}</bdi>
              </Anchor>
            </li>
          ))}
        </ul>
      )}
      {children.pageInfo.hasNextPage && (
        <Text size="xs" c="dimmed">
          The first 100 codes are shown.
        </Text>
      )}
    </div>
  );
}

/** @returns The most frequent categories; where the items have none, the title of one of them. */
function contentOf({ topCategories, items }: TrieNode['children']['nodes'][number]): ReactNode {
  if (topCategories.length > 0) return <bdi>{topCategories.slice(0, 2).join(', ')}</bdi>;
  if (items.nodes.length === 0) return null;
  return (
    <>
      such as <bdi>{items.nodes[0].title}</bdi>
    </>
  );
}

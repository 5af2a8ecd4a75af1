import { Text } from '@mantine/core';
import type { CSSProperties } from 'react';

import { formatCount, formatMeasure, plural } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { CodebooksQuery } from '../../graphql/graphql';
import classes from './codebook.module.css';

type Level = NonNullable<CodebooksQuery['catalogue']['levels']>[number];

/** How the codes of one level are used: one square a code, the stronger the more items have it. */
export function CodebookPanel({ level }: { readonly level: Level }) {
  const { histogram, size, usedCodes, perplexity } = level;
  const most = Math.max(...histogram, 1);
  const dead = Array.from({ length: size }, (_, code) => code).filter((code) => (histogram[code] ?? 0) === 0);
  return (
    <Panel
      title={`Level ${level.level}`}
      note={`${formatCount(usedCodes)} of ${plural(size, 'code')} used, perplexity ${formatMeasure(Math.round(10 * perplexity) / 10)}, as if that many were used alike`}
    >
      <div
        className={`${classes.map} keeps-colors`}
        role="img"
        aria-label={`Use of the codes of level ${level.level}: between ${Math.min(...histogram)} and ${plural(most, 'item')} a code`}
      >
        {Array.from({ length: size }, (_, code) => {
          const count = histogram[code] ?? 0;
          const use = { '--use': `${Math.round(100 * Math.sqrt(count / most))}%` } as CSSProperties;
          return (
            <span
              key={code}
              className={classes.cell}
              data-dead={count === 0 || undefined}
              style={use}
              title={`Code ${code}: ${plural(count, 'item')}`}
            />
          );
        })}
      </div>
      <Text size="xs" c="dimmed" mt="sm" mb={4}>
        Each square is a code: the stronger its colour, the more items have it, at most {formatCount(most)}.
      </Text>
      <Text size="sm">
        {dead.length === 0
          ? 'No dead codes: at least one item has each.'
          : `${plural(dead.length, 'dead code')}: ${listOf(dead)}`}
      </Text>
    </Panel>
  );
}

/** Codes that are named; the squares show the others. */
const MAX_NAMED = 20;

function listOf(codes: readonly number[]): string {
  const named = codes.slice(0, MAX_NAMED).join(', ');
  return codes.length <= MAX_NAMED ? named : `${named} and ${formatCount(codes.length - MAX_NAMED)} more`;
}

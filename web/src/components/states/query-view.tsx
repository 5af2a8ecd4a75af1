import { Box, Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';

import { Failure } from './failure';

interface QueryViewProps<Data> {
  readonly result: { readonly data?: Data; readonly error?: CombinedError; readonly fetching: boolean };
  /** Subject of the message when loading fails, such as `The item`. */
  readonly what: string;
  readonly onRetry: () => void;
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

/** In a panel whose content goes to its edge. */
const INSET = 'var(--panel-inset, 0)';

/** Shows what a query answered, a stand-in until it has, or what went wrong: above the data where it could only not be loaded anew. */
export function QueryView<Data>({ result, what, onRetry, lines = 4, children }: QueryViewProps<Data>) {
  const { data, error } = result;
  const isThere = data !== undefined && data !== null;
  return (
    <>
      {error && (
        <Box p={INSET}>
          <Failure error={error} title={`${what} could not be loaded${isThere ? ' anew' : ''}`} onRetry={onRetry} />
        </Box>
      )}
      {isThere && children(data)}
      {!isThere && !error && <Loading what={what} lines={lines} />}
    </>
  );
}

function Loading({ what, lines }: { readonly what: string; readonly lines: number }) {
  return (
    <Stack gap="sm" p={INSET} role="status" aria-label={`${what}: loading`}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={12} width={line % 3 === 2 ? '55%' : '85%'} />
      ))}
    </Stack>
  );
}

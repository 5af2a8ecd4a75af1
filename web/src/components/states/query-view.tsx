import { Stack, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';

import { Failure } from './failure';

interface QueryViewProps<Data> {
  /** As `useQuery` answers it. */
  readonly result: { readonly data?: Data; readonly error?: CombinedError; readonly fetching: boolean };
  /** What is loaded, such as `The item`. */
  readonly what: string;
  readonly onRetry: () => void;
  /** Lines of the stand-in while it loads. */
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

/** Shows what a query answered, a stand-in until it has, or what went wrong. Old data stays on the screen. */
export function QueryView<Data>({ result, what, onRetry, lines = 4, children }: QueryViewProps<Data>) {
  const { data, error } = result;
  if (data !== undefined && data !== null) return children(data);
  if (error) return <Failure error={error} title={`${what} could not be loaded`} onRetry={onRetry} />;
  return (
    <Stack gap="sm" role="status" aria-label={`${what}: loading`}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={12} width={line % 3 === 2 ? '55%' : '85%'} />
      ))}
    </Stack>
  );
}

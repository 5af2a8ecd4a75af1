import { Center, Loader } from '@mantine/core';

/** What stands on the screen while a page's code is on its way. */
export function PageLoading() {
  return (
    <Center mih="60vh" role="status" aria-label="Loading the page">
      <Loader size="sm" />
    </Center>
  );
}

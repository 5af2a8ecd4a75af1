import { Center, Loader } from '@mantine/core';

import { ConnectionNotice } from './connection-notice';

/** What stands on the screen while the code of the first page is on its way. */
export function PageLoading() {
  return (
    <>
      <ConnectionNotice isOpening />
      <Center mih="60vh" role="status" aria-label="Loading the page">
        <Loader size="sm" />
      </Center>
    </>
  );
}

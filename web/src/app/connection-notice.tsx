import { Alert, Loader } from '@mantine/core';

import { useConnectionState } from './connection';

/** Says across the page that the server is gone; goes away by itself when it is back. */
export function ConnectionNotice() {
  if (useConnectionState() !== 'lost') return null;
  return (
    <Alert color="yellow" variant="light" radius={0} icon={<Loader size={16} color="yellow" />} role="alert">
      The connection to the server is lost. What you see may be old; it is loaded anew as soon as the server is back.
    </Alert>
  );
}

/** Everything that all pages stand in: theme, notifications, key, GraphQL client, routes. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { RouterProvider } from 'react-router/dom';
import { Provider } from 'urql';

import { KeyDialog } from './key-dialog';
import { router } from './routes';
import { useSession } from './session';
import { styleNonce, theme, themeVariables } from './theme';

export function App() {
  const { client, visit } = useSession();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={themeVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <Notifications position="bottom-right" />
      <Provider key={visit} value={client}>
        <KeyDialog />
        <RouterProvider router={router} />
      </Provider>
    </MantineProvider>
  );
}

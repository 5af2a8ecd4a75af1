import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/global.css';
import './app/forced-colors.css';

import { MantineProvider, Modal } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { Provider } from 'urql';

import { KeyDialog } from './app/key-dialog';
import { router } from './app/routes';
import { useSession } from './app/session';
import { styleNonce, theme, themeVariables } from './app/theme';

// Dialogs keep the page from scrolling by a <style> element of another package's, which asks there for the nonce.
setNonce(styleNonce());

const root = document.getElementById('root');
if (root === null) throw new Error('page: expected an element #root, got none');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

function App() {
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
        <Modal.Stack>
          <KeyDialog />
          <RouterProvider router={router} />
        </Modal.Stack>
      </Provider>
    </MantineProvider>
  );
}

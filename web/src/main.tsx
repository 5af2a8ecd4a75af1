/** Starts the console. */
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/global.css';
import './app/forced-colors.css';

import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/app';
import { styleNonce } from './app/theme';

// Dialogs keep the page from scrolling by a <style> element of another package's, which asks there for the nonce.
setNonce(styleNonce());

const root = document.getElementById('root');
if (root === null) throw new Error('page: expected an element #root, got none');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

/** Starts the console. */
import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/global.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/app';

const root = document.getElementById('root');
if (root === null) throw new Error('page: expected an element #root, got none');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

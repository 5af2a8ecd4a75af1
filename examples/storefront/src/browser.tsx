/** Wakes the page up that the server has drawn. */
import './shop.css';

import { TigerqlClient } from '@tigerql/client';
import { hydrateRoot } from 'react-dom/client';

import { App } from './app';
import type { PageData } from './page';

const data = JSON.parse(document.getElementById('data')!.textContent) as PageData;
const token = async () => {
  const response = await fetch('/token', { method: 'POST' });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
};
hydrateRoot(document, <App data={data} client={new TigerqlClient({ url: data.api, token })} />);

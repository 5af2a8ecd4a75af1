/** How the console is built: into dist/web, every file from the own origin. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const SERVER = 'http://localhost:4000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The content security policy admits no `data:` URLs.
    assetsInlineLimit: 0,
    target: 'es2022',
    // The first that know light-dark(): for older ones it would be replaced by variables that nobody sets.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
  server: {
    proxy: {
      // The server takes WebSockets from pages of its own origin alone.
      '/graphql': { target: SERVER, ws: true, changeOrigin: true, rewriteWsOrigin: true },
      '/health': SERVER,
      '/operations': SERVER,
      '/schema.graphql': SERVER,
    },
  },
});

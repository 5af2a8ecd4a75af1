/** How the shop is built: `vite build` makes what browsers get, `vite build --ssr` its server. */
import { defineConfig } from 'vite';

export default defineConfig(({ isSsrBuild }) => ({
  root: import.meta.dirname,
  // Within this repository the client is read from its sources: see tsconfig.json.
  resolve: { tsconfigPaths: true, dedupe: ['react', 'react-dom'] },
  build: {
    outDir: isSsrBuild ? 'dist/server' : 'dist/browser',
    target: isSsrBuild ? 'node20' : 'es2022',
    reportCompressedSize: false,
    rolldownOptions: isSsrBuild
      ? { input: { server: 'src/server.tsx', 'demo-shop': 'src/demo/demo-shop.ts' } }
      : { input: 'src/browser.tsx', output: { entryFileNames: '[name].js', assetFileNames: '[name][extname]' } },
  },
}));

/** How the console is built: into dist/web, every file from the own origin, each text also compressed. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const SERVER = 'http://localhost:4000';
/** A higher quality takes ten times as long and saves a twentieth. */
const BROTLI_QUALITY = 9;
/** Shorter files fit into one packet as they are. */
const MIN_COMPRESSED_BYTES = 1_400;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
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

/** Writes `.br` and `.gz` beside each script and style sheet, so that the server compresses nothing while it serves. */
function compressed(): Plugin {
  let outDir = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      const folder = join(outDir, 'assets');
      for (const name of readdirSync(folder).filter((name) => /\.(js|css|svg)$/.test(name))) {
        compress(join(folder, name));
      }
    },
  };
}

function compress(path: string): void {
  const text = readFileSync(path);
  if (text.length < MIN_COMPRESSED_BYTES) return;
  writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  writeFileSync(`${path}.br`, brotliCompressSync(text, { params }));
}

/** How the console is built: into dist/web, every file from the own origin, each text also compressed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import react from '@vitejs/plugin-react';
import { formatDocument, stringifyDocument, type TypedDocumentNode } from 'urql';
import { defineConfig, type Plugin, type Rolldown, runnerImport } from 'vite';

const SERVER = 'http://localhost:4000';
/** A higher quality takes ten times as long and saves a twentieth. */
const BROTLI_QUALITY = 9;
/** Shorter files fit into one packet as they are. */
const MIN_COMPRESSED_BYTES = 1_400;

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), documents(), pageFiles(), compressed()],
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

/** Writes documents.json: the console's documents as urql sends them, by SHA-256. With trusted documents, the server runs these, too. */
function documents(): Plugin {
  return {
    name: 'documents',
    apply: 'build',
    async generateBundle() {
      const { module } = await runnerImport<object>(join(import.meta.dirname, 'src/graphql/graphql.ts'));
      const texts = Object.entries(module)
        .filter(([name]) => name.endsWith('Document'))
        .map(([, document]) => stringifyDocument(formatDocument(document as TypedDocumentNode)));
      const manifest = Object.fromEntries(texts.map((text) => [sha256(text), text]));
      this.emitFile({ type: 'asset', fileName: 'documents.json', source: JSON.stringify(manifest) });
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes into the HTML which files each page of the console needs: see src/app/page-code.ts. */
function pageFiles(): Plugin {
  return {
    name: 'page-files',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const attrs = { type: 'application/json', id: 'page-files' };
        return [{ tag: 'script', attrs, children: JSON.stringify(filesByPage(bundle)) }];
      },
    },
  };
}

/** @returns Each file once, and for each module that is loaded late which of them it needs: the HTML comes anew with each visit. */
function filesByPage(bundle: Rolldown.OutputBundle) {
  const files = new Set<string>();
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk' && file.isDynamicEntry);
  const pages = chunks.map((chunk) => [chunk.name, [...filesOf(bundle, chunk.fileName)]] as const);
  for (const [, needed] of pages) for (const file of needed) files.add(`/${file}`);
  const all = [...files];
  const numbered = pages.map(([name, needed]) => [name, needed.map((file) => all.indexOf(`/${file}`))] as const);
  return { files: all, pages: Object.fromEntries(numbered) };
}

function filesOf(bundle: Rolldown.OutputBundle, fileName: string, found = new Set<string>()): Set<string> {
  const chunk = bundle[fileName];
  if (chunk?.type !== 'chunk' || found.has(fileName)) return found;
  found.add(fileName);
  for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
  for (const needed of chunk.imports) filesOf(bundle, needed, found);
  return found;
}

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

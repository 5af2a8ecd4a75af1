/** How the client is built: one module for each entrance, with what both use in a third. */
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  build: {
    lib: { entry: ['src/index.ts', 'src/react.tsx'], formats: ['es'] },
    rolldownOptions: { external: [/^react/] },
    target: 'es2022',
    minify: true,
    reportCompressedSize: false,
  },
});

import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

// Every thread has an entry of its own, and all of them land flat in out/main, so that
// src/main/entries.ts can name them relative to itself both from source and from the bundle.
const mainEntries = {
  index: 'src/main/index.ts',
  cli: 'src/main/cli.ts',
  control: 'src/main/control/control-thread.ts',
  worker: 'src/main/engine/workers/worker-entry.ts',
  lead: 'src/main/engine/workflow-lead/lead-entry.ts',
  workflows: 'src/main/engine/workflow-thread/thread-entry.ts',
  process: 'src/main/engine/workers/process-entry.ts',
  scan: 'src/main/engine/workspace/scan-entry.ts',
  compile: 'src/main/engine/workspace/compile-entry.ts',
  receipts: 'src/main/engine/receipts/store-thread.ts',
  tuples: 'src/main/engine/bus/stores/sqlite-thread.ts',
  'journal-writer': 'src/main/engine/journal/writer-entry.ts',
  'journal-reader': 'src/main/engine/journal/reader-entry.ts',
  sdk: 'src/main/sdk/index.ts',
}

// Plain JavaScript that every start needs: looking for its many files takes longer than running it.
const bundled = ['zod', 'yaml', 'croner', '@noble/curves', '@noble/hashes', '@scure/bip32', '@scure/bip39']

export default defineConfig({
  main: {
    build: {
      target: 'node24.18',
      externalizeDeps: { exclude: bundled },
      rolldownOptions: {
        input: mainEntries,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node24.18',
      // A sandboxed window cannot load an ES module preload, and cannot require our files: one CommonJS bundle.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      target: 'chrome156',
      minify: true,
      // Read from the disk beside it; the largest is the layout of graphs, in a thread of its own.
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: fileURLToPath(new URL('src/renderer/index.html', import.meta.url)) },
    },
  },
})

import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Threads and child processes of the tests start from TypeScript. Node keeps what it makes of it here, for all of them and for
// the next run: starting one costs a third, and its compiler, which is WebAssembly, rarely runs in several threads at once.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/guardhouse-tests', import.meta.url))

// They start no thread and no process: starting a process for each of these files would take longer than running it.
const plain = ['src/renderer/**/*.test.{ts,tsx}', 'src/shared/**/*.test.ts', 'src/main/shell/**/*.test.ts']

export default defineConfig({
  test: {
    pool: 'forks',
    // Half of the time tests wait, for a thread or for a timer; one fewer than there are CPUs is the default, and on two that is one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // As bin/guardhouse.mjs does, and for its reason: V8 may abort a process whose threads read TypeScript at once.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
    // Only a fault takes so long: a machine on which ten others work is a tenth as fast.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      { extends: true, test: { name: 'plain', include: plain, isolate: false } },
      {
        extends: true,
        test: {
          name: 'threads',
          include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: plain,
          // Worker threads are what we test: every file gets a process of its own, so that a crash names its file.
          isolate: true,
        },
      },
    ],
  },
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    // Worker threads are what we test: every file gets a process of its own, so that a crash names its file.
    pool: 'forks',
    // As bin/guardhouse.mjs does, and for its reason: V8 may abort a process whose threads read TypeScript at once.
    execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})

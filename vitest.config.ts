import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts', 'bench/**/*.test.ts'],
    // Worker threads are what we test: every file gets a process of its own, so that a crash names its file.
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})

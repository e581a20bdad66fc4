import { guardhouseContenders } from './guardhouse-pool.ts'
import { piscinaContenders } from './piscina-pool.ts'
import type { Contender } from './pool.ts'
import { poolifierContenders } from './poolifier-pool.ts'
import { tinypoolContenders } from './tinypool-pool.ts'
import { workerpoolContenders } from './workerpool-pool.ts'

/** Guardhouse first, then its peers. A measuring process is told the index of the one it is to open. */
export const contenders: readonly Contender[] = [
  ...guardhouseContenders,
  ...piscinaContenders,
  ...tinypoolContenders,
  ...workerpoolContenders,
  ...poolifierContenders,
]

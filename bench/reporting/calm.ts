import { setTimeout as sleep } from 'node:timers/promises'
import { OtherLoad } from './other-load.ts'
import { disturbing } from './other-load-text.ts'

/** How long a run may wait for a calm machine, all in all. */
export class Patience {
  #leftMs: number

  constructor(seconds: number) {
    this.#leftMs = seconds * 1000
  }

  get exhausted(): boolean {
    return this.#leftMs <= 0
  }

  /** Takes the time since `from` (performance.now) off what is left. */
  spend(from: number): void {
    this.#leftMs -= performance.now() - from
  }
}

const lookMs = 300

/**
 * Measures when nobody else uses the machine, and again when somebody came in between, for as long as the patience lasts. What is
 * thrown away is chosen by the neighbours' load alone, never by the figure.
 */
export async function measureCalmly<Figure extends { readonly otherLoad: number }>(
  patience: Patience,
  measure: () => Promise<Figure>,
): Promise<Figure> {
  for (;;) {
    await untilCalm(patience)
    const from = performance.now()
    const figure = await measure()
    if (figure.otherLoad <= disturbing || patience.exhausted) return figure
    patience.spend(from)
  }
}

async function untilCalm(patience: Patience): Promise<void> {
  while (!patience.exhausted) {
    const from = performance.now()
    const others = new OtherLoad()
    await sleep(lookMs)
    if (others.coresUsed() <= disturbing) return
    patience.spend(from)
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright'
import { longestTask } from './longest-task.ts'

/**
 * Measures how smooth the table of 100,000 tokens is: `node e2e/made-up-host/scroll.measure.ts --static out/renderer`.
 * Prints one line per way to scroll and one for opening tokens. Exits with 1 when a frame took more than 50 ms or a token
 * more than 100 ms. Frames are what a person sees, and suffer from everything else the machine does; so the longest task of
 * the page is printed too, in CPU time, which does not.
 */

const frameBudgetMs = 50
const openBudgetMs = 100
const tokensOpened = 20

interface Frames {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly longest: number
  readonly overBudget: number
}

declare global {
  interface Window {
    /** Milliseconds between frames since the recording began; put there by this script. */
    recordedFrames: number[]
    stopRecording: () => void
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      static: { type: 'string', default: 'out/renderer' },
      tokens: { type: 'string', default: '100000' },
      rate: { type: 'string', default: '60' },
      browser: { type: 'string', default: '/usr/bin/chromium' },
    },
  })
  const host = await startHost(['--static', values.static, '--tokens', values.tokens, '--rate', values.rate])
  const browser = await chromium.launch({ executablePath: values.browser, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await openTokens(page, host.url)
    console.log(
      `load of the machine ${loadavg()[0]?.toFixed(1)}, ${values.tokens} tokens, ${values.rate} more a second`,
    )
    const scrolled = await measureScrolling(browser, page)
    const opened = await measureOpening(page)
    if (scrolled > frameBudgetMs || opened > openBudgetMs) process.exitCode = 1
  } finally {
    await browser.close()
    host.stop()
  }
}

async function startHost(options: readonly string[]): Promise<{ readonly url: string; readonly stop: () => void }> {
  const program = fileURLToPath(new URL('host.ts', import.meta.url))
  const host = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = (await once(host.stdout, 'data')) as [Buffer]
  return { url: String(printed).trim(), stop: () => host.kill() }
}

async function openTokens(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('link', { name: /Tokens/ }).click()
  await page.locator('[role=row][data-index="10"]').waitFor()
}

/** Prints how long frames took for each way to scroll. Returns the longest frame of all. */
async function measureScrolling(browser: Browser, page: Page): Promise<number> {
  await page.mouse.move(600, 500)
  const ways: readonly [string, () => Promise<void>][] = [
    ['standing still, tokens arriving', () => page.waitForTimeout(3000)],
    ['wheel, 3 rows a notch', () => wheel(page, 100, 120)],
    ['wheel, a screen a notch', () => wheel(page, 700, 120)],
    ['wheel back', () => wheel(page, -700, 120)],
    ['Page Down held', () => holdKey(page, 'PageDown', 120)],
    ['Arrow Down held', () => holdKey(page, 'ArrowDown', 120)],
    ['scroll bar dragged through all', () => dragScrollBar(page)],
  ]
  let longest = 0
  for (const [name, scroll] of ways) {
    await startRecording(page)
    await scroll()
    const frames = await stopRecording(page)
    // A second time: what follows the browser's tasks costs frames itself.
    await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] })
    await scroll()
    const task = longestTask(await browser.stopTracing())
    longest = Math.max(longest, frames.longest)
    console.log(
      `${name.padEnd(34)} ${String(frames.count).padStart(5)} frames  p50 ${ms(frames.p50)}  p95 ${ms(frames.p95)}  longest ${ms(frames.longest)}  over ${frameBudgetMs} ms: ${String(frames.overBudget).padStart(2)}  longest task ${ms(task)} of CPU`,
    )
  }
  return longest
}

async function wheel(page: Page, pixels: number, notches: number): Promise<void> {
  for (let notch = 0; notch < notches; notch++) {
    await page.mouse.wheel(0, pixels)
    await page.waitForTimeout(16)
  }
}

async function holdKey(page: Page, key: string, times: number): Promise<void> {
  await page.getByRole('grid').focus()
  for (let press = 0; press < times; press++) {
    await page.keyboard.press(key)
    await page.waitForTimeout(16)
  }
}

async function dragScrollBar(page: Page): Promise<void> {
  await page.getByRole('grid').evaluate(async (grid) => {
    for (let step = 0; step <= 180; step++) {
      grid.scrollTop = (grid.scrollHeight * step) / 180
      await new Promise(requestAnimationFrame)
    }
  })
}

async function startRecording(page: Page): Promise<void> {
  await page.evaluate(() => {
    let last = performance.now()
    let running = true
    window.recordedFrames = []
    window.stopRecording = () => {
      running = false
    }
    function record(now: number) {
      window.recordedFrames.push(now - last)
      last = now
      if (running) requestAnimationFrame(record)
    }
    requestAnimationFrame(record)
  })
}

async function stopRecording(page: Page): Promise<Frames> {
  const frames = await page.evaluate(() => {
    window.stopRecording()
    // The first one began before the recording.
    return window.recordedFrames.slice(1)
  })
  const sorted = frames.toSorted((a, b) => a - b)
  return {
    count: sorted.length,
    p50: at(sorted, 0.5),
    p95: at(sorted, 0.95),
    longest: sorted.at(-1) ?? 0,
    overBudget: sorted.filter((frame) => frame > frameBudgetMs).length,
  }
}

/** Prints how long tokens took from the click to the frame that shows them. Returns the longest. */
async function measureOpening(page: Page): Promise<number> {
  await page.getByRole('grid').evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight / 2 }))
  await page.waitForTimeout(500)
  const times: number[] = []
  for (let place = 0; place < tokensOpened; place++) {
    times.push(await timeToOpen(page, place))
    await page.keyboard.press('Escape')
    await page.locator('section[aria-label="Token"]').waitFor({ state: 'detached' })
    await comeToRest(page)
  }
  const sorted = times.toSorted((a, b) => a - b)
  console.log(
    `opening a token, ${tokensOpened} times      p50 ${ms(at(sorted, 0.5))}  p95 ${ms(at(sorted, 0.95))}  longest ${ms(sorted.at(-1) ?? 0)}`,
  )
  return sorted.at(-1) ?? 0
}

/** Until the table has been drawn in its full width again: nobody opens the next token in the same instant. */
async function comeToRest(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(resolve)))),
  )
}

/** Milliseconds from the click on a row until the first frame with its life cycle in it is drawn. */
function timeToOpen(page: Page, place: number): Promise<number> {
  return page.evaluate(async (nth) => {
    const rows = [...document.querySelectorAll<HTMLElement>('[role=row][data-index]')]
    const middle = rows
      .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
      .at(12 + (nth % 20))
    const started = performance.now()
    middle?.click()
    while (document.querySelector('section[aria-label="Token"] table') === null)
      await new Promise(requestAnimationFrame)
    // That was asked before the frame was drawn; the next one begins after it.
    await new Promise(requestAnimationFrame)
    return performance.now() - started
  }, place)
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(1).padStart(6)} ms`
}

await main()

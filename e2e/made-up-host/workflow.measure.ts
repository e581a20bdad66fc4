import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Browser, type CDPSession, chromium, type Page } from 'playwright'
import { largeRun, writeLongTrace } from './invented-runs.ts'

/**
 * Measures the page of a run: `node e2e/made-up-host/workflow.measure.ts --static out/renderer`. Opens a run of 10,000 nodes
 * and pans it at several zooms, then takes in a trace of 1,000,000 events and reads it by range. Exits with 1 when opening
 * takes more than a second, a median frame more than 33 ms, or the page's heap more than 300 MB.
 */

const budgets = { openMs: 1000, frameMs: 1000 / 30, heapMB: 300 }

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      static: { type: 'string', default: 'out/renderer' },
      events: { type: 'string', default: '1000000' },
      browser: { type: 'string', default: '/usr/bin/chromium' },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'long-trace-'))
  const trace = join(folder, 'long.jsonl')
  writeLongTrace(trace, Number(values.events))
  const host = await startHost(['--static', values.static])
  const browser = await chromium.launch({ executablePath: values.browser, args: ['--no-sandbox'] })
  try {
    console.log(`load of the machine ${loadavg()[0]?.toFixed(1)}`)
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(host.url)
    await page.getByRole('link', { name: /Workflows/ }).click()
    await page.getByRole('row', { name: 'survey.tiles' }).waitFor()
    const opened = await measureOpening(page)
    const frame = await measurePanning(page)
    const heap = await measureLongTrace(browser, page, trace)
    if (opened > budgets.openMs || frame > budgets.frameMs || heap > budgets.heapMB) process.exitCode = 1
  } finally {
    await browser.close()
    host.stop()
    rmSync(folder, { recursive: true })
  }
}

async function startHost(options: readonly string[]): Promise<{ readonly url: string; readonly stop: () => void }> {
  const program = fileURLToPath(new URL('host.ts', import.meta.url))
  const host = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = (await once(host.stdout, 'data')) as [Buffer]
  return { url: String(printed).trim(), stop: () => host.kill() }
}

/**
 * From the click on a run to its graph on the screen, folded as it opens, and then to every node of it, three times; only the
 * first reads the run and lays it out. Returns the longest of both together, ms.
 */
async function measureOpening(page: Page): Promise<number> {
  const times: { folded: number; whole: number }[] = []
  for (let round = 0; round < 3; round++) {
    times.push(await page.evaluate(openAndUnfold, 'survey.tiles'))
    if (round === 2) break
    await page.getByRole('button', { name: 'All runs' }).click()
    await page.getByRole('row', { name: 'survey.tiles' }).waitFor()
  }
  const words = times.map(
    ({ folded, whole }) => `${folded.toFixed(0)} ms folded, ${whole.toFixed(0)} ms with every node`,
  )
  console.log(`run ${largeRun} of 10,000 nodes opens in ${words.join('; ')}`)
  return Math.max(...times.map(({ whole }) => whole))
}

/** Runs in the page. Milliseconds from the click until each is painted. */
async function openAndUnfold(name: string): Promise<{ folded: number; whole: number }> {
  const painted = async (selector: string) => {
    while (document.querySelector(selector) === null) await new Promise((resolve) => requestAnimationFrame(resolve))
    await new Promise((resolve) => requestAnimationFrame(resolve))
    return performance.now() - begun
  }
  const row = [...document.querySelectorAll<HTMLElement>('[role=row]')].find((each) => each.textContent?.includes(name))
  const begun = performance.now()
  row?.click()
  const folded = await painted('[data-graph="ready"] .react-flow__node, [data-graph="ready"] canvas')
  const unfold = [...document.querySelectorAll('button')].find((each) => each.textContent === 'Unfold all')
  unfold?.click()
  return { folded, whole: await painted('[data-graph="ready"] canvas') }
}

/** Drags the graph at one zoom after another. Returns the longest median frame, ms. */
async function measurePanning(page: Page): Promise<number> {
  const graph = page.locator('[data-overview]')
  const box = await graph.boundingBox()
  if (box === null) throw new Error('the graph is not there')
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  let worst = 0
  for (let zoomed = 0; zoomed < 12; zoomed += 1) {
    const percent = await showNodes(page)
    const frames = await panFrames(page, middle)
    const nodes = await page.locator('.react-flow__node').count()
    const [p50, p95] = [quantile(frames, 0.5), quantile(frames, 0.95)]
    console.log(
      `zoom ${percent.padStart(6)}: ${frames.length} frames, p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, ${nodes} nodes in the page`,
    )
    worst = Math.max(worst, p50)
    await page.getByRole('button', { name: 'Zoom in' }).click()
  }
  return worst
}

/** Where nodes can be read, brings some into the middle. Returns the zoom. */
async function showNodes(page: Page): Promise<string> {
  const zoom = page.locator('[data-graph] >> text=/^\\d+ %$/')
  if (Number.parseInt(await zoom.innerText(), 10) >= 50) {
    await page.keyboard.press(']')
    await page.locator('.react-flow__node').first().waitFor()
  }
  return await zoom.innerText()
}

async function panFrames(page: Page, middle: { x: number; y: number }): Promise<number[]> {
  await page.mouse.move(middle.x, middle.y)
  await page.mouse.down()
  const recording = page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const frames: number[] = []
        let before = performance.now()
        const end = before + 2000
        const note = (now: number) => {
          frames.push(now - before)
          before = now
          if (now < end) requestAnimationFrame(note)
          else resolve(frames.slice(2))
        }
        requestAnimationFrame(note)
      }),
  )
  for (let step = 0; step < 120; step++) {
    const angle = step / 8
    await page.mouse.move(middle.x + Math.sin(angle) * 180, middle.y + Math.cos(angle) * 120)
  }
  const frames = await recording
  await page.mouse.up()
  return frames
}

/** Takes in a long trace and looks at it in several places. Returns the page's largest heap, MB. */
async function measureLongTrace(browser: Browser, page: Page, trace: string): Promise<number> {
  await page.getByRole('button', { name: 'All runs' }).click()
  const session = await page.context().newCDPSession(page)
  const begun = performance.now()
  await page.locator('input[type=file]').setInputFiles(trace)
  let largest = 0
  const title = page.getByRole('heading', { name: 'bench::WF_LONG_V0' })
  while (!(await title.isVisible())) {
    largest = Math.max(largest, await heapOf(session))
    await page.waitForTimeout(500)
  }
  console.log(`trace of a million events taken in and open after ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  await page.locator('[role=row][data-index="5"]').waitFor()
  const table = page.getByRole('grid', { name: 'Steps' })
  for (const key of ['End', 'Home', 'PageDown']) {
    await table.focus()
    await page.keyboard.press(key)
    await page.waitForTimeout(500)
    largest = Math.max(largest, await heapOf(session))
  }
  await page.getByRole('button', { name: 'Closer' }).click()
  await page.waitForTimeout(1000)
  largest = Math.max(largest, await heapOf(session))
  console.log(`largest heap of the page ${largest.toFixed(0)} MB (${browser.version()})`)
  return largest
}

async function heapOf(session: CDPSession): Promise<number> {
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? 0
}

await main()

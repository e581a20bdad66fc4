import type { Locator } from '@playwright/test'
import { expectAccessible } from '../fixtures/accessibility.ts'
import { expect, test } from '../fixtures/desktop-test.ts'
import { GuardhouseWindow } from '../fixtures/guardhouse-window.ts'

test('a workflow of the sample is started, seen as a graph, and looked at step by step', async ({ desktop }) => {
  const { page } = desktop
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const window = new GuardhouseWindow(page)
  await window.expectConnected()
  await expect(window.workspace('sample-workspace')).toBeVisible()
  await window.goTo('Workflows')
  const inBothThemes = async (place: string) => {
    for (const theme of ['light', 'dark'] as const) {
      await desktop.chooseMenuItem(`theme.${theme}`)
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      await expectAccessible(page, `${place}, ${theme}`)
    }
  }
  const start = async () => {
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await expect(page.getByRole('heading', { name: 'sample.words', exact: true })).toBeVisible()
    await expect(window.main.getByText('Completed')).toBeVisible()
    await expect(page.locator('[data-graph="ready"]')).toBeVisible()
  }
  await page.getByRole('button', { name: 'Start…' }).click()
  await inBothThemes('the form that starts a workflow')
  await start()
  await expect(page.locator('.react-flow__node', { hasText: 'praise' })).toBeVisible()
  const steps = page.getByRole('grid', { name: 'Steps' })
  await steps.getByRole('row', { name: /merge/ }).click()
  const step = page.getByRole('region', { name: 'Step', exact: true })
  await expect(step.getByText(/on core \d/)).toBeVisible()
  await expect(step.getByText('judge', { exact: true })).toBeVisible()
  await step.getByRole('button', { name: 'JSON' }).click()
  await expect(step.getByText(/"kind": "step"/)).toBeVisible()
  await inBothThemes('a run with a step')
  await step.getByRole('button', { name: 'Compact' }).click()
  // To its token, and from there back to the run.
  await step.getByRole('link').first().click()
  await page.getByRole('link', { name: 'sample.words', exact: true }).click()

  await page.getByRole('button', { name: 'Replay' }).click()
  await expect(page.getByText(/^The same in all/)).toBeVisible()
  await page.getByRole('button', { name: 'All runs' }).click()
  await inBothThemes('the list of runs')
  await page.getByRole('button', { name: 'Start…' }).click()
  await page.getByRole('textbox', { name: 'Payload' }).fill('{ "folder": "texts", "expected": 3 }')
  await start()
  await page.getByRole('button', { name: 'Compare with…' }).click()
  await page.getByRole('menuitem').first().click()
  await expect(page.getByText(/^They first part at judge/)).toBeVisible()
  for (const side of ['Left run', 'Right run']) {
    const fromMiddle = () => offMiddle(page.getByRole('region', { name: side }))
    await expect.poll(fromMiddle, { message: `where the node stands in the ${side}` }).toBeLessThan(8)
  }
  await inBothThemes('two runs side by side')
})

test('a trace file that is chosen opens as a run', async ({ desktop }) => {
  const { page } = desktop
  const window = new GuardhouseWindow(page)
  await window.expectConnected()
  await window.goTo('Workflows')
  const event = (type: string, more: object) =>
    JSON.stringify({
      ...{ trace_schema_version: 'v0', trace_id: 't', event_type: type, domain: 'shop', wf_addr: 1, cc_addr: 2 },
      ...{ step_addr: null, step_op: null, result_status: null, detail: {}, ts_ns: 1000, ...more },
    })
  const lines = [
    event('WF_START', { detail: { wf_fqdn: 'shop::WF_ORDER_V0', payload_keys: [] } }),
    event('CC_START', { detail: { cc_fqdn: 'shop::CC_CHECK_V0', inputs: {} }, ts_ns: 2000 }),
    event('CC_COMPLETE', {
      detail: { cc_fqdn: 'shop::CC_CHECK_V0', output_keys: [] },
      result_status: 'SUCCESS',
      ts_ns: 3000,
    }),
    event('WF_COMPLETE', { detail: { wf_fqdn: 'shop::WF_ORDER_V0' }, result_status: 'SUCCESS', ts_ns: 4000 }),
  ]
  const choose = (text: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name: 'order.jsonl', mimeType: 'text/plain', buffer: Buffer.from(text) })
  await choose('no trace at all\n')
  await expect(page.getByText(/order.jsonl could not be taken in: order.jsonl is no trace/)).toBeVisible()
  await choose(`${lines.join('\n')}\n`)
  await expect(page.getByRole('heading', { name: 'shop::WF_ORDER_V0' })).toBeVisible()
  await expect(page.locator('.react-flow__node', { hasText: 'CC_CHECK_V0' })).toBeVisible()
})

/** How far the node at which two runs part stands from the middle of its picture, pixels. */
async function offMiddle(side: Locator): Promise<number> {
  const node = await side.locator('.react-flow__node', { hasText: 'judge' }).boundingBox()
  const picture = await side.locator('.react-flow').boundingBox()
  if (node === null || picture === null) return Number.POSITIVE_INFINITY
  const middle = (box: typeof node) => [box.x + box.width / 2, box.y + box.height / 2] as const
  const [x, y] = middle(node)
  const [middleX, middleY] = middle(picture)
  return Math.hypot(x - middleX, y - middleY)
}

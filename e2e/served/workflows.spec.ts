import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from './served-test.ts'

test('a graph of the workspace is run, and one with a mistake says where it is', async ({
  page,
  window,
  workspace,
}) => {
  const good = 'workflow: twice\nnodes:\n  first: { operation: at-once, inputs: [$.payload.n], then: second }\n'
  await writeFile(
    path.join(workspace, 'twice.workflow.yaml'),
    `${good}  second: { operation: at-once, inputs: [$.results.first] }\n`,
  )
  await writeFile(path.join(workspace, 'wrong.workflow.yaml'), `${good.replace('twice', 'wrong')}`)
  await window.goTo('Workflows')
  const list = page.getByRole('region', { name: 'Workflows of the workspace' })
  await expect(list.getByText('edge success of node first leads to "second", a node that is not there')).toBeVisible()
  await expect(list.getByText('3:61')).toBeVisible()

  await list.getByRole('button', { name: 'Start…' }).first().click()
  await page.getByRole('textbox', { name: 'Payload' }).fill('{ "n": 4 }')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(window.main.getByText('Completed')).toBeVisible()
  await expect(page.getByText('"second": 6')).toBeVisible()
  await page.getByLabel(/^twice: a graph/).focus()
  await page.keyboard.press(']')
  await expect(page.getByRole('region', { name: 'Step', exact: true })).toBeVisible()
})

test('what is alike and has finished is one box in a large graph, until it is unfolded', async ({
  page,
  window,
  workspace,
}) => {
  const parts = Array.from({ length: 50 }, (_, at) => `part${at}`)
  const lines = [
    'workflow: wide',
    'nodes:',
    `  first: { operation: at-once, inputs: [$.payload.n], next: { success: [${parts.join(', ')}] } }`,
    ...parts.map((part) => `  ${part}: { operation: at-once, inputs: [$.payload.n], then: all }`),
    '  all: { operation: at-once, inputs: [$.payload.n], join: all }',
  ]
  await writeFile(path.join(workspace, 'wide.workflow.yaml'), `${lines.join('\n')}\n`)
  await window.goTo('Workflows')
  await page.getByRole('button', { name: 'Start…' }).click()
  await page.getByRole('textbox', { name: 'Payload' }).fill('{ "n": 4 }')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(window.main.getByText('Completed')).toBeVisible()
  const nodes = page.locator('.react-flow__node')
  await expect(nodes).toHaveCount(3)
  await expect(page.getByText('52 nodes in 3 boxes')).toBeVisible()

  await page.getByRole('textbox', { name: 'Find a node' }).fill('part7')
  await page.keyboard.press('Enter')
  await expect(nodes.filter({ hasText: 'part7' })).toBeVisible()
  await expect(nodes).toHaveCount(4)

  await page.getByLabel(/^wide: a graph/).focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(page.getByText('52 nodes', { exact: true })).toBeVisible()
  await page.keyboard.press('u')
  await expect(nodes).toHaveCount(4)
})

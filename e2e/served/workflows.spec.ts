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

// What a test asks of the page, under one name.
globalThis.selfTestPage = { ports: [], portMessages: [] }

window.addEventListener('message', ({ data, ports }) => {
  if (data?.kind !== 'self-test.port') return
  const [port] = ports
  globalThis.selfTestPage.ports.push(port)
  port.onmessage = (event) => globalThis.selfTestPage.portMessages.push(event.data)
  port.addEventListener('close', () => globalThis.selfTestPage.portMessages.push('closed'))
})

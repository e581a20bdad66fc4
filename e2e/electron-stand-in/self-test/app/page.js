// What a test asks of the page, under one name.
globalThis.pageSide = { ports: [], portMessages: [] }

window.addEventListener('message', ({ data, ports }) => {
  if (data?.kind !== 'self-test.port') return
  const [port] = ports
  globalThis.pageSide.ports.push(port)
  port.onmessage = (event) => globalThis.pageSide.portMessages.push(event.data)
  port.addEventListener('close', () => globalThis.pageSide.portMessages.push('closed'))
})

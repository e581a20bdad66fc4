const { contextBridge, ipcRenderer } = require('electron')

globalThis.secretOfThePreload = 'only in the isolated world'

ipcRenderer.on('port', (event) => window.postMessage({ kind: 'self-test.port' }, '*', event.ports))

function tryToRequire(name) {
  try {
    require(name)
    return 'there'
  } catch (error) {
    return error.message
  }
}

contextBridge.exposeInMainWorld('selfTest', {
  facts: { platform: process.platform, sandboxed: process.sandboxed, fs: tryToRequire('node:fs') },
  echo: (value) => ipcRenderer.invoke('echo', value),
  inspect: (value) => ipcRenderer.invoke('inspect', value),
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  on: (channel, listener) => {
    const own = (_event, ...args) => listener(...args)
    ipcRenderer.on(channel, own)
    return () => ipcRenderer.off(channel, own)
  },
  sendPort: () => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => port1.postMessage(['the preload got', data])
    ipcRenderer.postMessage('port-from-preload', 'here it is', [port2])
  },
  addNow: (a, b) => a + b,
  call: (callback) => callback('from the preload'),
  fail: () => {
    throw new RangeError('thrown in the preload')
  },
})

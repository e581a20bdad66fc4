import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { assertDefined } from '../shared/assert.ts'
import { App } from './app.tsx'
import { connectHost } from './client/host.ts'
import { chooseTransport } from './client/open-transport.ts'
import { documentVisibility } from './client/page-visibility.ts'
import { chooseSendFile } from './client/send-file.ts'
import { CommandRegistry } from './shell/command-registry.ts'
import { pagePlatform } from './shell/key-names.ts'
import { Router } from './shell/router.ts'
import { Theme } from './shell/theme.ts'
import { rememberFocus } from './ui/return-focus.ts'
import './ui/tokens.css'
import './ui/base.css'

const theme = new Theme(window)
// Takes the secret out of the address bar, so it comes before the router reads it.
const openTransport = chooseTransport(window)
const host = connectHost(openTransport, documentVisibility(document), chooseSendFile(window))

rememberFocus(document)
createRoot(assertDefined(document.getElementById('root'), 'index.html has the element #root')).render(
  <StrictMode>
    <App
      host={host}
      router={new Router(window)}
      registry={new CommandRegistry()}
      theme={theme}
      platform={pagePlatform(window)}
    />
  </StrictMode>,
)

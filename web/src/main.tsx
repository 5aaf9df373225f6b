import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.js'
import { ConfigProvider, loadConfig } from './config/index.js'
import { TextProvider } from './i18n/index.js'
import { SessionProvider } from './session/index.js'

const place = document.getElementById('app')
if (place === null) throw new Error('The page has no place for the app')
const config = await loadConfig()
createRoot(place).render(
  <StrictMode>
    <ConfigProvider value={config}>
      <TextProvider><SessionProvider><App /></SessionProvider></TextProvider>
    </ConfigProvider>
  </StrictMode>
)

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.js'
import { ErrorBoundary } from './app/error-boundary.js'
import { registerServiceWorker } from './app/service-worker.js'
import { Unreachable } from './app/unreachable.js'
import { ConfigProvider, loadConfig } from './config/index.js'
import { TextProvider } from './i18n/index.js'
import { keptSession, SessionProvider } from './session/index.js'
import { showTheme } from './settings/theme.js'

const place = document.getElementById('app')
if (place === null) throw new Error('The page has no place for the app')
const root = createRoot(place)

showTheme()
try {
  const config = await loadConfig()
  const kept = await keptSession(config)
  root.render(
    <StrictMode>
      <TextProvider>
        <ErrorBoundary>
          <ConfigProvider value={config}><SessionProvider kept={kept}><App /></SessionProvider></ConfigProvider>
        </ErrorBoundary>
      </TextProvider>
    </StrictMode>
  )
} catch (error) {
  console.warn('The app can\'t start', error)
  root.render(<TextProvider><Unreachable /></TextProvider>)
}
if (import.meta.env.PROD) registerServiceWorker()

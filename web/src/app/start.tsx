import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ConfigProvider, type AppConfig } from '../config/index.js'
import { TextProvider } from '../i18n/index.js'
import { keptSession, SessionProvider } from '../session/index.js'
import { showTheme } from '../settings/theme.js'
import { App } from './app.js'
import { ErrorBoundary } from './error-boundary.js'
import { Unreachable } from './unreachable.js'

export { registerServiceWorker } from './service-worker.js'

/** Shows the app. @param config what the server said of itself; undefined where it can't be reached */
export async function start (config: AppConfig | undefined): Promise<void> {
  const place = document.getElementById('app')
  if (place === null) throw new Error('The page has no place for the app')
  const root = createRoot(place)
  showTheme()
  if (config === undefined) return root.render(<TextProvider><Unreachable /></TextProvider>)
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
}

import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { useText } from '../i18n/index.js'
import { useSession } from '../session/index.js'
import { Spinner } from '../ui/index.js'
import { ErrorBoundary } from './error-boundary.js'
import { Layout } from './layout.js'
import { NotFound } from './not-found.js'

const ConversationsView = lazy(async () => await import('../conversations/index.js'))
const TradesView = lazy(async () => await import('../trades/index.js'))
const SettingsView = lazy(async () => await import('../settings/index.js'))
const SignInView = lazy(async () => await import('../session/sign-in-view.js'))

/** What an address shows, to whom. */
export function App () {
  const { session } = useSession()
  const text = useText()
  const [path] = useLocation()
  const waiting = <div className='m-auto p-8'><Spinner label={text('shell.loading')} /></div>
  if (session === undefined) {
    return (
      <main className='flex min-h-dvh flex-col'>
        <Suspense fallback={waiting}>
          <Switch>
            <Route path='/sign-in'><SignInView /></Route>
            <Route><Redirect to='/sign-in' replace state={{ from: location.pathname + location.search }} /></Route>
          </Switch>
        </Suspense>
      </main>
    )
  }
  return (
    <Layout>
      <ErrorBoundary key={path.split('/')[1]}>
        <Suspense fallback={waiting}>
          <Switch>
            <Route path='/'><Redirect to='/conversations' replace /></Route>
            <Route path='/conversations/:userId?'><ConversationsView /></Route>
            <Route path='/trades'><TradesView /></Route>
            <Route path='/settings'><SettingsView /></Route>
            <Route path='/sign-in'><SignInView /></Route>
            <Route><NotFound /></Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Layout>
  )
}

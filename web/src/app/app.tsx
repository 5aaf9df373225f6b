import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch, useLocation, useRoute } from 'wouter'
import { useAppConfig } from '../config/index.js'
import { useText } from '../i18n/index.js'
import { useSession } from '../session/index.js'
import { Spinner } from '../ui/index.js'
import { loadLayout, views } from './ahead.js'
import { ErrorBoundary } from './error-boundary.js'
import { NotFound } from './not-found.js'

const Layout = lazy(loadLayout)
const ConversationsView = lazy(views.conversations)
const TradesView = lazy(views.trades)
const AnalyticsView = lazy(views.analytics)
const SettingsView = lazy(views.settings)
const SignInView = lazy(views['sign-in'])
const OperatorView = lazy(views.operator)

/** What an address shows, to whom. */
export function App () {
  const { session, left } = useSession()
  const { analytics } = useAppConfig()
  const text = useText()
  const [path] = useLocation()
  const [isOperator] = useRoute('/operator')
  const waiting = <div className='m-auto p-8'><Spinner label={text('shell.loading')} /></div>
  // Whoever runs the server needn't be one of its users.
  if (isOperator) return <ErrorBoundary><Suspense fallback={waiting}><OperatorView /></Suspense></ErrorBoundary>
  if (session === undefined) {
    return (
      <main className='flex min-h-dvh flex-col'>
        <Suspense fallback={waiting}>
          <Switch>
            <Route path='/sign-in'><SignInView /></Route>
            <Route><Redirect to='/sign-in' replace state={left ?? { from: location.pathname + location.search }} /></Route>
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
            {analytics && <Route path='/analytics'><AnalyticsView /></Route>}
            <Route path='/settings'><SettingsView /></Route>
            <Route path='/sign-in'><SignInView /></Route>
            <Route><NotFound /></Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Layout>
  )
}

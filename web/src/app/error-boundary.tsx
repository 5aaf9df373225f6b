import { Component, type ReactNode } from 'react'
import { TriangleAlert } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { Button, EmptyState } from '../ui/index.js'

/** Keeps what goes wrong in a view within it. Give it a `key`, so that another view is shown. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError () {
    return { isBroken: true }
  }

  override render () {
    return this.state.isBroken ? <Broken /> : this.props.children
  }
}

function Broken () {
  const text = useText()
  return (
    <EmptyState title={text('shell.broken')} icon={TriangleAlert} isPage>
      <p>{text('shell.brokenHint')}</p>
      <Button variant='primary' onPress={() => location.reload()}>{text('shell.reload')}</Button>
    </EmptyState>
  )
}

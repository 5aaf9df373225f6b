import t from 'tap'
import { bounded } from '../../client/src/bounded.js'
import { sleep } from '../support/live.js'

/** Waits until it is ended. */
const endless = async (signal: AbortSignal) => await new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))))

t.test('what takes too long is ended, and what is called off', async t => {
  t.match(await bounded(10, undefined, endless), { error: { code: 'timed_out', retryable: true } })
  t.match(await bounded(60_000, AbortSignal.abort(), async signal => { signal.throwIfAborted() }), { error: { code: 'aborted', retryable: false } })
  const abort = new AbortController()
  const ended = bounded(60_000, abort.signal, endless)
  abort.abort()
  t.match(await ended, { error: { code: 'aborted' } })
})

t.test('what goes on has as much time again', async t => {
  const enough = Date.now() + 1200
  const slow = async (signal: AbortSignal, goesOn: () => void) => {
    while (Date.now() < enough) {
      await sleep(5)
      signal.throwIfAborted()
      goesOn()
    }
    return { data: 'done' }
  }
  t.same(await bounded(1000, undefined, slow), { data: 'done' })
})

t.test('what throws is the network\'s fault', async t => {
  const cause = new TypeError('no route')
  t.match(await bounded(60_000, undefined, async () => { throw cause }), { error: { code: 'network_unreachable', retryable: true, cause } })
})

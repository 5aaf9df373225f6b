import t, { type Test } from 'tap'
import { ownError, type ChatError } from '../../client/src/errors.js'
import { TransportChoice } from '../../client/src/transport-choice.js'

const lost: ChatError = ownError('closed_1006')
const refused: ChatError = { code: 'token_invalid', title: 'refused', detail: 'refused', retryable: false }

/** A clock that stands still until it is moved. */
function stopClock (t: Test) {
  const clock = { now: Date.now() }
  t.intercept(Date, 'now', { value: () => clock.now })
  return clock
}

/** Notes failures until another way is proposed. @returns how many there were */
function failuresUntil (choice: TransportChoice, other: 'webSocket' | 'eventStream'): number {
  let failures = 0
  for (; choice.next() !== other; failures++) choice.note(choice.next(), false, lost)
  return failures
}

t.test('without a WebSocket it is always the stream', async t => {
  const choice = new TransportChoice(false)
  for (let n = 0; n < 5; n++) {
    t.equal(choice.next(), 'eventStream')
    choice.note('eventStream', false, lost)
  }
})

t.test('only WebSockets that fail in a row lead to the stream', async t => {
  const choice = new TransportChoice(true)
  choice.note('webSocket', false, lost)
  choice.note('webSocket', false, lost)
  choice.note('webSocket', true, lost)
  choice.note('webSocket', false, lost)
  choice.note('webSocket', false, lost)
  choice.note('webSocket', false, refused)
  t.equal(failuresUntil(choice, 'eventStream'), 3)
})

t.test('if the stream doesn\'t get through either, the WebSocket has its turn', async t => {
  const choice = new TransportChoice(true)
  t.equal(failuresUntil(choice, 'eventStream'), 3)
  t.equal(failuresUntil(choice, 'webSocket'), 1)
  t.equal(failuresUntil(choice, 'eventStream'), 3)
})

t.test('after ten minutes of streams one WebSocket is tried', async t => {
  const clock = stopClock(t)
  const choice = new TransportChoice(true)
  failuresUntil(choice, 'eventStream')
  for (const minutes of [0, 4, 5]) {
    clock.now += minutes * 60_000
    t.equal(choice.next(), 'eventStream')
    choice.note('eventStream', true, lost)
  }
  clock.now += 60_000
  t.equal(failuresUntil(choice, 'eventStream'), 1)
  choice.note('eventStream', true, lost)
  clock.now += 600_000
  t.equal(choice.next(), 'webSocket')
  choice.note('webSocket', true, lost)
  clock.now += 600_000
  t.equal(failuresUntil(choice, 'eventStream'), 3)
})

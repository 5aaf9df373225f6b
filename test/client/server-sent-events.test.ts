import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { ServerSentEventParser, type ServerSentEvent } from '../../client/src/server-sent-events.js'

/** What a parser makes of a stream that comes in pieces, cut at the given places. */
function parse (stream: string, cuts: number[] = []): { events: ServerSentEvent[], retry: number } {
  const bytes = new TextEncoder().encode(stream)
  const parser = new ServerSentEventParser()
  const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  const events = places.slice(1).flatMap((end, n) => parser.push(bytes.subarray(places[n], end)))
  return { events, retry: parser.retry }
}

const data = (stream: string) => parse(stream).events.map(event => event.data)

t.test('an event has a type, data and the last id', async t => {
  t.same(parse('event: newMessage\nid: c1\ndata: {"seq":1}\n\n').events, [{ type: 'newMessage', data: '{"seq":1}', lastEventId: 'c1' }])
  t.same(parse('id: c1\ndata: a\n\nevent: typing\ndata: b\n\n').events, [
    { type: 'message', data: 'a', lastEventId: 'c1' }, { type: 'typing', data: 'b', lastEventId: 'c1' }
  ])
})

t.test('the examples of the standard are read as it says', async t => {
  t.same(data('data: YHOO\ndata: +2\ndata: 10\n\n'), ['YHOO\n+2\n10'])
  t.same(parse(': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n').events, [
    { type: 'message', data: 'first event', lastEventId: '1' }, { type: 'message', data: 'second event', lastEventId: '' }
  ])
  t.same(data('data\n\ndata\ndata\n\ndata:'), ['', '\n'])
  t.same(data('data:test\n\ndata: test\n\n'), ['test', 'test'])
})

t.test('lines end with CR, LF or both', async t => {
  for (const end of ['\n', '\r', '\r\n']) t.same(data(`data: a${end}data: b${end}${end}data: c${end}${end}`), ['a\nb', 'c'], JSON.stringify(end))
})

t.test('an event is there as soon as its last line has ended', async t => {
  const parser = new ServerSentEventParser()
  const push = (text: string) => parser.push(new TextEncoder().encode(text)).map(event => event.data)
  t.same(push('data: a\r\r'), ['a'])
  t.same(push('\ndata: b\r\n'), [])
  t.same(push('\r'), ['b'])
  t.same(push('\n'), [])
  t.same(push('data: c\n\n'), ['c'])
})

t.test('comments, unknown fields, a byte order mark and ids with NUL are left out', async t => {
  t.same(parse('\uFEFFdata: a\n: heartbeat\nfuture: x\nid: b\0d\n\n').events, [{ type: 'message', data: 'a', lastEventId: '' }])
})

t.test('a type without data is no event and doesn\'t outlive its block', async t => {
  t.same(parse('event: lost\n\ndata: a\n\n').events, [{ type: 'message', data: 'a', lastEventId: '' }])
})

t.test('how long to wait is digits or nothing', async t => {
  t.equal(parse('retry: 1500\n\n').retry, 1500)
  t.equal(parse('retry: 1500\nretry: 2s\nretry:\n\n').retry, 1500)
  t.equal(parse('data: a\n\n').retry, 0)
})

const field = fc.tuple(fc.constantFrom('data', 'event', 'id', 'retry', '', 'other'), fc.constantFrom(':', ': ', ''), fc.string({ unit: 'grapheme' }))
  .map(parts => parts.join(''))
const stream = fc.array(fc.tuple(fc.oneof(field, fc.constant('')), fc.constantFrom('\n', '\r', '\r\n')))
  .map(lines => lines.flat().join(''))

t.test('any pieces make the same events', async () => {
  fc.assert(fc.property(stream, fc.array(fc.nat(), { maxLength: 20 }), (text, cuts) => {
    assert.deepEqual(parse(text, cuts), parse(text))
  }), { numRuns: 500 })
})

t.test('what a server wrote is read as it was', async () => {
  const line = fc.string({ unit: 'grapheme' }).map(text => text.replace(/[\r\n\0]/g, ' '))
  const event = fc.record({ type: line.filter(text => text !== ''), data: line, lastEventId: line }, { noNullPrototype: true })
  fc.assert(fc.property(fc.array(event), fc.constantFrom('\n', '\r', '\r\n'), fc.array(fc.nat()), (events, end, cuts) => {
    const text = events.map(({ type, data, lastEventId }) => [`event: ${type}`, `id: ${lastEventId}`, `data: ${data}`, '', ''].join(end)).join('')
    assert.deepEqual(parse(text, cuts).events, events)
  }), { numRuns: 300 })
})

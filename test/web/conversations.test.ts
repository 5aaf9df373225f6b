import t from 'tap'
import type { ConversationItem } from '../../client/src/store/index.js'
import { NewsWatch } from '../../web/src/conversations/news-watch.js'
import { threadPath, userIdOf } from '../../web/src/conversations/paths.js'
import { previewOf } from '../../web/src/conversations/preview.js'
import { whenOf } from '../../web/src/conversations/when.js'

t.test('a time in the list is as short as it can be, by the reader\'s calendar', async t => {
  const now = Date.parse('2027-06-03T00:30:00Z')
  const when = (at: string, timeZone = 'UTC', locale = 'en') => whenOf(at, now, locale, timeZone).replace(/\s/g, ' ')
  t.equal(when('2027-06-03T00:30:10Z'), 'now', 'also of a clock that runs ahead')
  t.equal(when('2027-06-02T23:45:00Z'), '45m ago')
  t.equal(when('2027-06-02T23:00:00Z'), 'yesterday')
  t.equal(when('2027-06-02T23:00:00Z', 'Europe/Berlin'), '1:00 AM')
  t.equal(when('2027-05-31T12:00:00Z', 'UTC', 'de'), 'Mo')
  t.equal(when('2027-05-20T12:00:00Z', 'UTC', 'de'), '20.05.27')
})

t.test('a preview tells who said it, or what a move did and was said with it', async t => {
  const text = (id: string, values = {}) => `${id} ${Object.values(values).join()}`
  const last = { seq: 1, senderId: 'bob', messageType: 'text' as const, text: 'a\n b', timestamp: '2027-06-01T12:00:00Z' }
  t.equal(previewOf(last, 'ann', text), 'a b')
  t.equal(previewOf(last, 'bob', text), 'chat.said a b')
  t.equal(previewOf({ ...last, messageType: 'tradeResponse', action: 'accept', text: '' }, 'ann', text), 'chat.move.accept other')
  t.equal(previewOf({ ...last, messageType: 'tradeResponse', action: 'accept', text: 'Deal!' }, 'bob', text), 'chat.move.accept me · Deal!')
  t.equal(previewOf({ ...last, text: '' }, 'bob', text), 'safety.erased ', 'what was erased has no words')
  t.equal(previewOf({ ...last, text: '', attachments: 2 }, 'ann', text), 'files.count 2')
  t.equal(previewOf({ ...last, attachments: 1 }, 'bob', text), 'chat.said \u2068a b\u2069 · files.count 1')
})

t.test('an address names every user id there can be', async t => {
  for (const userId of ['bob', 'a@b.c', 'a|b', 'eu:1+2=3', 'A_-', '..a']) t.equal(userIdOf(threadPath(userId).split('/').at(-1)), userId)
  t.equal(userIdOf('%E0%A4'), '%E0%A4', 'what is no address of ours')
  t.equal(userIdOf(''), undefined)
})

t.test('news is what another has said since, once, and isn\'t read, muted or blocked', async t => {
  const item = (seq: number, more: Partial<ConversationItem> = {}, timestamp = '2027-06-01T12:00:01Z', senderId = 'bob') => ({
    userId: 'bob', seq, unreadCount: 1, isMuted: false, lastMessage: { seq, senderId, messageType: 'text', text: '', timestamp }, ...more
  }) as ConversationItem
  const watch = new NewsWatch(Date.parse('2027-06-01T12:00:00Z'))
  t.same(watch.look([item(1, {}, '2027-06-01T11:00:00Z')]), [], 'what was there before')
  t.same(watch.look([item(2)]), ['bob'])
  t.same(watch.look([item(2)]), [])
  t.same(watch.look([item(3, {}, '2027-06-01T12:00:01Z', 'ann')]), [], 'one\'s own')
  t.same(watch.look([item(4, { isMuted: true })]), [])
  t.same(watch.look([item(5, { unreadCount: 0 })]), [])
  t.same(watch.look([item(6, { isBlocked: true })]), [])
  t.same(watch.look([item(7)]), ['bob'])
})

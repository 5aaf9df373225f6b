import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { Message } from '../../../schemas/message.js'
import { testApp } from '../../support/helper.js'

t.test('as many messages as a report can name, as long as they can be and with as many files, are an item', async t => {
  const app = await testApp(t)
  const { direct } = app.entities
  const attachments = Array.from({ length: 4 }, (_, n) => ({
    attachmentId: String(n).repeat(32),
    fileName: '🌞'.repeat(255),
    mediaType: 'application/atom+xml',
    size: 10_485_760,
    sha256: `${'A'.repeat(43)}=`,
    width: 65_535,
    height: 65_535,
    thumbHash: 'A'.repeat(36)
  }))
  const seqs = Array.from({ length: 20 }, (_, n) => n + 1)
  for (const seq of seqs) {
    await direct.write(direct.message.put({
      conversationId: 'alice~bob',
      seq,
      messageId: randomUUID(),
      senderId: 'alice',
      receiverId: 'bob',
      senderCount: seq,
      messageType: 'text',
      text: '🌞'.repeat(4000),
      attachments,
      timestamp: new Date().toISOString()
    }))
  }
  const { report } = await app.reports.make('bob', { userId: 'alice', reason: 'spam', seqs, note: '🌞'.repeat(1000) })
  const stored = await direct.report.get({ reporterId: 'bob', ...report }, { consistent: true })
  t.equal(stored?.messages.length, 20)
  t.match((stored?.messages as Message[])[19], { text: '🌞'.repeat(4000), attachments: attachments.map(file => ({ ...file, fileName: '🌞'.repeat(100) })) })
})

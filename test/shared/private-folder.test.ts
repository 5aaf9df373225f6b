import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { makePrivate, makePrivateFolder } from '../../src/shared/private-folder.js'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

t.test('a folder is made for its owner alone', async t => {
  const path = join(t.testdir(), 'deep', 'data')
  makePrivateFolder(path)
  t.equal(modeOf(path), '700')
})

t.test('what was open to others is closed, and what was not is left as it is', async t => {
  const path = t.testdir()
  for (const [before, after] of [[0o777, '700'], [0o750, '700'], [0o701, '700'], [0o500, '500']] as const) {
    chmodSync(path, before)
    makePrivateFolder(path)
    t.equal(modeOf(path), after)
  }
  const file = join(t.testdir(), 'file')
  writeFileSync(file, '', { mode: 0o644 })
  makePrivate(file, 0o600)
  t.equal(modeOf(file), '600')
})

t.test('what is open and somebody else\'s is refused by its name', { skip: process.getuid === undefined }, async t => {
  const isRoot = process.getuid?.() === 0
  // A test's own folder would be root's; folders above it may be closed to others.
  const path = isRoot ? join(tmpdir(), `equilux-private-${process.pid}`) : tmpdir()
  if (isRoot) {
    mkdirSync(path)
    chmodSync(path, 0o755)
    process.seteuid?.(65534)
    t.teardown(() => process.seteuid?.(0))
  }
  t.not(statSync(path).uid, process.geteuid?.())
  t.throws(() => makePrivateFolder(path), { message: new RegExp(`^${path} is open to other users \\(\\d+\\).*chmod 700.*DATA_DIR`) })
})

import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
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

t.test('what is open and somebody else\'s is refused by its name', { skip: process.geteuid === undefined }, async t => {
  const path = await mkdtemp(join(tmpdir(), 'equilux-private-'))
  t.teardown(() => rm(path, { recursive: true }))
  chmodSync(path, 0o755)
  const refused = { message: new RegExp(`^${path} is open to other users \\(755\\).*chmod 700.*DATA_DIR`) }
  // Only root may be somebody else for a moment; for everybody else the folder of all temporary files is root's.
  if (process.geteuid?.() === 0) t.throws(() => as(65534, () => makePrivateFolder(path)), refused)
  else t.throws(() => makePrivateFolder(tmpdir()), / is open to other users \(\d+\).*chmod 700.*DATA_DIR/)
  t.equal(modeOf(path), '755')
})

/** Calls a function as another user. */
function as (user: number, call: () => void) {
  process.seteuid?.(user)
  try {
    call()
  } finally {
    process.seteuid?.(0)
  }
}

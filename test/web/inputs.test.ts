import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { digestOfInputs } from '../../web/build/inputs.js'

t.test('the app is built anew where one of its files has changed, come or gone, and only there', async t => {
  const root = t.testdir({
    web: { src: { 'main.tsx': 'one' }, 'index.html': 'page', dist: {}, node_modules: {} },
    client: { src: { 'index.ts': 'client' } },
    openapi: { client: { 'http.ts': 'types' } },
    src: { 'server.ts': 'server' },
    'package-lock.json': '{}'
  })
  const write = (file: string, content: string) => writeFileSync(join(root, file), content)
  const digest = async () => await digestOfInputs(root)
  const first = await digest()
  t.equal(await digest(), first)

  write('web/dist/index.html', 'built')
  write('web/node_modules/x.js', 'installed')
  write('src/server.ts', 'another server')
  t.equal(await digest(), first, 'what is built, installed or the server\'s is none of it')

  const seen = new Set([first])
  for (const file of ['web/src/main.tsx', 'web/index.html', 'client/src/index.ts', 'openapi/client/http.ts', 'package-lock.json', 'web/src/new.ts']) {
    write(file, `changed ${file}`)
    seen.add(await digest())
  }
  rmSync(join(root, 'web/src/new.ts'))
  seen.add(await digest())
  t.equal(seen.size, 7, 'each change is seen, and that a file went takes one back')
})

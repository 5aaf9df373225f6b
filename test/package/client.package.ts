import { gzipSync } from 'node:zlib'
import t from 'tap'
import { startChromium } from '../support/chromium.js'
import { tokenUntil } from '../support/live.js'
import { start } from '../support/server-process.js'
import { ScriptPage } from './page.js'
import { filesProgram, reactProgram, readmeProgram, typedProgram, wrongProgram, wrongProgramErrors } from './programs.js'
import { pack, Project } from './project.js'

const tarball = await pack(t)
const project = await Project.create(t)
await project.install(tarball)
const alone = await project.files('node_modules')
await project.install('typescript@6', 'esbuild@0.28', '@types/node@20', 'react@19', '@types/react@19')
await project.write('trade.mts', await readmeProgram())
const browser = await startChromium(t)
const page = await ScriptPage.open(t)
const { url } = await start(t, project.folder, { CLIENT_URL: page.origin })

const story = [
  'alice says: 12.5 kWh to spare',
  ...['alice', 'bob'].flatMap(name => [`${name} sees: bob, counter, 3 EUR`, `${name} sees: alice, accept, 3 EUR`])
]

/** What the program needs to know; no run sees the tokens of another. */
const settings = () => ({
  CHAT_URL: url, ...Object.fromEntries(['alice', 'bob'].map(id => [id.toUpperCase(), tokenUntil(id, Date.now() + 3600_000)]))
})

/** What the program must have said: both were connected, and both saw every move. */
function told (transport: string) {
  return ['alice', 'bob'].map(name => `${name} is connected: ${transport}`).concat(story).sort()
}

t.test('a project that installs it gets nothing else, and less than 1 MB', async t => {
  const packages = new Set(alone.names.filter(name => name.endsWith('/package.json')))
  t.same([...packages], ['equilux-chat-client/package.json'])
  t.ok(alone.size <= 1_000_000, `${alone.size} bytes`)
})

t.test('the package has what is needed and nothing else', async t => {
  const { names } = await project.files('node_modules/equilux-chat-client')
  const kinds = new Set(names.map(name => name.replace(/^(dist\/(?:client\/src|openapi\/client))\/.*(\.d\.ts|\.js)$/, '$1')))
  t.same([...kinds].sort(), ['LICENSE', 'README.md', 'dist/client/src', 'dist/openapi/client', 'package.json'])
})

t.test('its types have no any, and what is wrong doesn\'t compile', async t => {
  await project.write('typed.ts', typedProgram)
  await project.write('wrong.ts', wrongProgram)
  const [browser, node] = await Promise.all([
    project.typeErrors(['typed.ts', 'wrong.ts'], ['--lib', 'es2022,dom', '--module', 'esnext', '--moduleResolution', 'bundler']),
    project.typeErrors(['typed.ts', 'wrong.ts'], ['--lib', 'es2022,dom', '--types', 'node', '--module', 'nodenext'])
  ])
  t.same(browser, wrongProgramErrors('wrong.ts'))
  t.same(node, wrongProgramErrors('wrong.ts'))
})

t.test('a page loads no more of it than it uses', async t => {
  for (const [code, limit, whole = limit] of [
    ['export { createClient, LiveClient } from \'equilux-chat-client\'', 8_192, 8_600],
    ['export { createStore } from \'equilux-chat-client/store\'', 16_384, 19_200],
    ['export { createAccount } from \'equilux-chat-client/account\'', 6_000],
    ['export { createAnalytics } from \'equilux-chat-client/analytics\'', 6_000],
    ['export * from \'equilux-chat-client/react\'', 3_000],
    ['export * from \'equilux-chat-client/format\'', 3_000]
  ] as const) {
    await project.write('entry.js', code)
    // The entry imports nothing statically, so it is all that is loaded first.
    await project.run('npx', 'esbuild', 'entry.js', '--bundle', '--minify', '--format=esm', '--external:react', '--splitting', '--outdir=split')
    const first = gzipSync(await project.run('cat', 'split/entry.js'), { level: 9 }).length
    const all = gzipSync(await project.run('npx', 'esbuild', 'entry.js', '--bundle', '--minify', '--format=esm', '--external:react'), { level: 9 }).length
    t.ok(first <= limit, `${code}: ${first} bytes`)
    t.ok(all <= whole, `${code}, all of it: ${all} bytes`)
    t.comment(`${first} bytes, ${all} in all: ${code}`)
  }
})

t.test('attachments are little beside the calls', async t => {
  await project.write('entry.js', 'export { createClient } from \'equilux-chat-client\'\nexport const attachments = async () => await import(\'equilux-chat-client/attachments\')')
  await project.run('npx', 'esbuild', 'entry.js', '--bundle', '--minify', '--format=esm', '--splitting', '--outdir=files')
  const { names } = await project.files('files')
  const [part = '', ...others] = names.filter(name => name.startsWith('attachments-'))
  t.same(others, [])
  const size = gzipSync(await project.run('cat', `files/${part}`), { level: 9 }).length
  t.ok(size <= 4_000, `${size} bytes`)
  t.comment(`${size} bytes: attachments`)
})

t.test('a page of another origin uploads a file and sees how far it is, and the other user downloads it; so it is in Node', async t => {
  await project.write('files.js', filesProgram)
  const lines = ['gone: 8000000 of 8000000', 'sent', 'come: 8000000 of 8000000', 'the same: true', 'called off: aborted', 'told on the way: ']
  const env = settings()
  t.same((await project.node(['files.js'], env)).trim().split('\n'), lines.map(line => line.replace(/way: $/, 'way: false')))
  const defines = Object.entries(env).map(([name, value]) => `--define:process.env.${name}=${JSON.stringify(value)}`)
  page.script = await project.run('npx', 'esbuild', 'files.js', '--bundle', '--platform=browser', '--format=esm', ...defines)
  const shown = await page.show(browser, lines.length)
  t.same(shown.errors, [])
  t.same(shown.lines, lines.map(line => line.replace(/way: $/, 'way: true')))
})

t.test('what keeps a store is loaded by stores that are kept, and a chat goes on without it', async t => {
  await project.write('entry.js', `import { createStore, memoryStorage } from 'equilux-chat-client/store'
    const store = createStore({ baseUrl: process.env.CHAT_URL, token: process.env.ALICE, persist: process.argv[2] === 'kept', storage: memoryStorage(), onError: ({ code }) => console.log(code) })
    store.subscribe(() => {
      if (store.getSnapshot().connection.status !== 'live') return
      console.log('live')
      store.close()
    })
    store.start()`)
  await project.run('npx', 'esbuild', 'entry.js', '--bundle', '--minify', '--format=esm', '--splitting', '--outdir=split', '--out-extension:.js=.mjs')
  const { names } = await project.files('split')
  const parts = names.filter(name => name.includes('persistence') && name.endsWith('.mjs'))
  t.equal(parts.length, 1)
  t.equal(await project.node(['split/entry.mjs', 'kept'], settings()), 'live\n')
  await project.run('rm', `split/${parts[0]}`)
  t.equal(await project.node(['split/entry.mjs', 'kept'], settings()), 'storage_unavailable\nlive\n')
  t.equal(await project.node(['split/entry.mjs'], settings()), 'live\n')
})

t.test('the README\'s program runs on Node', async t => {
  t.same(await project.typeErrors(['trade.mts'], ['--lib', 'es2022', '--types', 'node', '--module', 'nodenext']), [])
  await project.run('npx', 'esbuild', 'trade.mts', '--outfile=trade.js')
  const hasWebSocket = 'WebSocket' in globalThis
  const said = async (...options: string[]) => (await project.node([...options, 'trade.js'], settings())).trim().split('\n').sort()
  t.same(await said(), told(hasWebSocket ? 'webSocket' : 'eventStream'))
  t.same(await said(`--${hasWebSocket ? 'no-' : ''}experimental-websocket`), told(hasWebSocket ? 'eventStream' : 'webSocket'))
})

for (const [transport, before] of [['webSocket', ''], ['eventStream', 'delete globalThis.WebSocket\n']] as const) {
  t.test(`the README's program runs in a page of another origin, over the ${transport}`, async t => {
    const defines = Object.entries(settings()).map(([name, value]) => `--define:process.env.${name}=${JSON.stringify(value)}`)
    page.script = before + await project.run('npx', 'esbuild', 'trade.mts', '--bundle', '--platform=browser', '--format=esm', ...defines)
    const { lines, errors } = await page.show(browser, told(transport).length)
    t.same(errors, [])
    t.same(lines.sort(), told(transport))
  })
}

t.test('a fresh project of Vite and React compiles strictly, and runs', async t => {
  const project = await Project.create(t)
  await project.install(tarball, 'react@19', 'react-dom@19', 'vite@8', 'typescript@6', '@types/react@19', '@types/react-dom@19')
  await project.write('index.html', '<!doctype html><div id="root"></div><script type="module" src="/main.tsx"></script>')
  await project.write('main.tsx', reactProgram)
  t.same(await project.typeErrors(['main.tsx'], ['--lib', 'es2022,dom', '--module', 'esnext', '--moduleResolution', 'bundler', '--jsx', 'react-jsx', '--types', 'vite/client']), [])
  await project.node(['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn', '--minify', 'false'], { VITE_CHAT_URL: url, VITE_TOKEN: tokenUntil('alice', Date.now() + 3600_000) })
  const { names } = await project.files('dist/assets')
  page.parts = Object.fromEntries(await Promise.all(names.map(async name => [`/assets/${name}`, await project.run('cat', `dist/assets/${name}`)])))
  const [, entry] = /src="(\/assets\/[^"]+\.js)"/.exec(await project.run('cat', 'dist/index.html')) ?? []
  page.script = `import ${JSON.stringify(entry)}`
  const { lines, errors } = await page.show(browser, 1)
  t.same(errors, [])
  t.same(lines, ['live, 1 conversations ready'])
})

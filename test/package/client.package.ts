import t from 'tap'
import { startChromium } from '../support/chromium.js'
import { jwtSecret } from '../support/helper.js'
import { tokenUntil } from '../support/live.js'
import { ScriptPage } from './page.js'
import { readmeProgram, typedProgram, wrongProgram, wrongProgramErrors } from './programs.js'
import { Project } from './project.js'

const project = await Project.create(t)
await project.write('trade.mts', await readmeProgram())
const browser = await startChromium(t)
const page = await ScriptPage.open(t)
const url = await project.serve(t, { JWT_SECRET: jwtSecret, CLIENT_URL: page.origin })

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

t.test('the package has what is needed and nothing else', async t => {
  const files = (await project.run('find', 'node_modules/equilux-chat', '-type', 'f', '-not', '-path', '*/equilux-chat/node_modules/*'))
    .trim().split('\n').map(file => file.replace('node_modules/equilux-chat/', ''))
  const kinds = new Set(files.map(file => file.replace(/^(dist\/(?:client|openapi|schemas|src))\/.*(\.d\.ts|\.js|\.js\.map)$/, '$1')))
  t.same([...kinds].sort(), [
    'LICENSE', 'README.md', 'dist/client', 'dist/openapi', 'dist/schemas', 'dist/src', 'openapi/asyncapi.json', 'openapi/openapi.json', 'package.json'
  ])
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

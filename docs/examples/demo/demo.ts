/**
 * The server with a company of prosumers who answer, offer and haggle: `npm run demo`. PORT says where it listens (8080); its data is in .data/demo.
 */
import type { AddressInfo } from 'node:net'
import { serve } from '../../../src/serve.js'
import { cast, regular } from './cast.js'
import { startCompany } from './company.js'

const { PORT = '8080', DYNAMODB } = process.env

// Nothing of .env: what it says is meant for the server that one works with.
const app = await serve({ NODE_ENV: 'development', LOG_LEVEL: 'warn', DATA_DIR: '.data/demo', PORT, DYNAMODB }, async () => {})
const { port } = app.server.address() as AddressInfo

process.stdout.write(`
${cast.length} prosumers are coming: ${cast.map(({ name }) => name).join(', ')}.

  Open http://localhost:${port}

Any name will do. Ctrl-C ends it.
`)

const close = await startCompany({
  baseUrl: `http://127.0.0.1:${port}`,
  cast,
  regular,
  onError: error => app.log.warn({ err: error }, 'a prosumer could not do something')
})
// The server ends by itself; so that nobody talks to it any more, they end first.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.prependOnceListener(signal, close)

process.stdout.write(`
They are there. ${regular.name} has traded with all of them: sign in by that name, and see figures at http://localhost:${port}/analytics.
`)

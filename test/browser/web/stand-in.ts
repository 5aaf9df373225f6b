import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { preview, type Plugin, type PreviewServer } from 'vite'

const root = join(import.meta.dirname, '../../../web')

/** Serves the built app in front of a server that doesn't yet do so itself. */
export async function standIn (t: Test, app: FastifyInstance, server: string): Promise<string> {
  const plugin: Plugin = {
    name: 'stand-in',
    configurePreviewServer: preview => answer(preview, app)
  }
  const started = await preview({
    root,
    configFile: false,
    logLevel: 'silent',
    appType: 'spa',
    plugins: [plugin],
    build: { outDir: join(root, 'dist') },
    preview: { port: 0, host: '127.0.0.1', proxy: { '/api': { target: server, ws: true } } }
  })
  t.teardown(() => started.close())
  const address = started.httpServer.address()
  if (address === null || typeof address === 'string') throw new Error('The stand-in has no port')
  return `http://127.0.0.1:${address.port}`
}

function answer ({ middlewares }: PreviewServer, app: FastifyInstance) {
  middlewares.use((request, response, next) => {
    const json = (value: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (request.url === '/app-config.json') return json({ signIn: { name: true, embedOrigins: [] }, locales: ['en'], defaultCurrency: 'EUR' })
    if (request.url === '/sign-in' && request.method === 'POST') {
      let body = ''
      return request.setEncoding('utf8').on('data', part => { body += part }).on('end', () => {
        const { name } = JSON.parse(body) as { name: string }
        const userId = name.toLowerCase().replace(/[^a-z0-9]/g, '-')
        json({ token: app.jwt.sign({ sub: userId, name }, { expiresIn: '1h' }), userId, username: name, expiresAt: new Date(Date.now() + 3600_000).toISOString() })
      })
    }
    next()
  })
}

/** Says how to build the app, where that wasn't done. */
export async function mustBeBuilt (): Promise<void> {
  await readFile(join(root, 'dist/index.html')).catch((cause: unknown) => { throw new Error('The web app is not built: npm run -w web build', { cause }) })
}

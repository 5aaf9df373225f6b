import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import staticFiles from '@fastify/static'
import type { FastifyError, FastifyPluginAsync, FastifyReply } from 'fastify'
import { fileProblem } from '../../wire/file-problem.js'
import { vary } from '../../wire/vary.js'

/** The paths of the app's views: each is the same page, whose script looks at the path. */
const views = ['/', '/conversations', '/conversations/:userId', '/trades', '/analytics', '/settings', '/operator', '/sign-in']

/** Where the build puts what has a digest of its contents in its name. */
const hashed = 'assets'

const hidden = { schema: { hide: true } }

/** What is sent goes by those that a browser knows. */
const encodings = 'Accept-Encoding'

/**
 * The files of the built app, compressed ones where the build has made them. Those with a digest in their names are kept for good by whoever
 * gets them; of all others the server is asked whether they have changed.
 */
const files: FastifyPluginAsync<{ folder: string }> = async (app, { folder }) => {
  app.setErrorHandler<FastifyError>(error => { throw fileProblem(error) })
  await app.register(staticFiles, { root: folder, serve: false, index: false, dotfiles: 'ignore', preCompressed: true })

  for (const view of views) app.get(view, hidden, async (_request, reply) => revalidated(reply, 'index.html', folder))

  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry
    if (name.startsWith('.') || name === 'index.html' || /\.(br|gz)$/.test(name)) continue
    if (!entry.isDirectory()) app.get(`/${name}`, hidden, async (_request, reply) => revalidated(reply, name, folder))
    else {
      const send = name === hashed ? keptForGood : revalidated
      app.get<{ Params: { '*': string } }>(`/${name}/*`, hidden, async (request, reply) => send(reply, request.params['*'], join(folder, name)))
    }
  }
}

function keptForGood (reply: FastifyReply, file: string, folder: string) {
  return vary(reply, encodings).sendFile(file, folder, { maxAge: '1y', immutable: true })
}

function revalidated (reply: FastifyReply, file: string, folder: string) {
  return vary(reply, encodings).header('cache-control', 'no-cache').sendFile(file, folder, { cacheControl: false })
}

export default files

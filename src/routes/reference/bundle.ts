import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import fastify from 'fastify'

/** A script as it is sent. */
export interface Script {
  text: Buffer
  gzipped: Buffer
  etag: string
}

let script: Promise<Script> | undefined

/** What renders the page, as its maker has built it for browsers: read when the page is first asked for, for it is large. */
export async function rendererScript (): Promise<Script> {
  script ??= read()
  return await script
}

async function read (): Promise<Script> {
  // The package gives the script to whoever asks its route, and in no other way. It comes with its page, which has a script within it.
  const { default: scalar } = await import('@scalar/fastify-api-reference')
  const holder = fastify()
  await holder.register(scalar, { routePrefix: '/docs', configuration: { content: { openapi: '3.1.0', info: { title: '', version: '' }, paths: {} } } })
  const { rawPayload: text } = await holder.inject('/docs/js/scalar.js')
  await holder.close()
  return { text, gzipped: await promisify(gzip)(text), etag: `"${createHash('sha256').update(text).digest('base64url')}"` }
}

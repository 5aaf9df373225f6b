import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Writes the service worker, with the names of what was built. */
export function serviceWorker (): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler (_options, bundle) {
        const names = Object.keys(bundle).filter(name => /^assets\/.*\.(js|css)$/.test(name)).sort()
        const files = [...names.map(name => `/${name}`), '/manifest.webmanifest', '/icons/icon.svg']
        const code = readFileSync(join(import.meta.dirname, 'service-worker.js'), 'utf8')
        // The names have digests of the contents in them.
        const version = createHash('sha256').update(JSON.stringify(files) + code).digest('hex').slice(0, 12)
        const constants = `const FILES = ${JSON.stringify(files)}\nconst VERSION = ${JSON.stringify(version)}\n`
        this.emitFile({ type: 'asset', fileName: 'sw.js', source: constants + code })
      }
    }
  }
}

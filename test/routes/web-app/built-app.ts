import { brotliCompressSync } from 'node:zlib'
import type { Test } from 'tap'
import { testApp, type TestAppOptions } from '../../support/helper.js'

const script = 'console.log("hello")\n'.repeat(100)

/** A server with a small web app of the form that the build makes. */
export async function appWithWebApp (t: Test, options: TestAppOptions = {}) {
  const folder = t.testdir({
    'secret.txt': 'not for you',
    dist: {
      'index.html': '<!doctype html><title>Equilux</title>',
      'manifest.webmanifest': '{"name":"Equilux"}',
      'sw.js': '// a worker',
      '.inputs': 'not for you',
      assets: { 'main-Ab12.js': script, 'main-Ab12.js.br': brotliCompressSync(script), 'main-Ab12.css': 'a{}', '.hidden': 'not for you' },
      icons: { 'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>' }
    }
  })
  return await testApp(t, { ...options, webApp: `${folder}/dist`, env: { NODE_ENV: 'development', ...options.env } })
}

import { resolve } from 'node:path'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { chunks } from './build/chunks.js'
import { firstView } from './build/first-view.js'
import { reactAriaWords } from './build/react-aria-words.js'
import { serviceWorker } from './build/service-worker-files.js'

/** Where `npm run -w web dev` finds the server. */
const server = { target: process.env.SERVER_URL ?? 'http://localhost:8080' }

const source = resolve(import.meta.dirname, '../client/src')

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), reactAriaWords(), firstView(), serviceWorker()],
  resolve: {
    // The package's source: what is built needs no other build before it.
    alias: [
      { find: /^equilux-chat-client\/(account|analytics|webhooks)$/, replacement: `${source}/$1.ts` },
      { find: /^equilux-chat-client\/(\w+)$/, replacement: `${source}/$1/index.ts` },
      { find: /^equilux-chat-client$/, replacement: `${source}/index.ts` }
    ]
  },
  build: {
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing is inlined, so that the policy of what a page may load needs no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } }
  },
  server: {
    proxy: {
      '/api': { ...server, ws: true },
      '/app-config.json': server,
      // The view has the same path; only what is posted is the server's.
      '/sign-in': { ...server, bypass: ({ method, url }) => method === 'POST' ? undefined : url }
    }
  }
})

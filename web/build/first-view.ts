import type { HtmlTagDescriptor, Plugin } from 'vite'

/** Has the page ask at once for the part that every view needs: the script that imports it is still on its way then. */
export function firstView (): Plugin {
  return {
    name: 'first-view',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler (_html, { bundle = {} }): HtmlTagDescriptor[] {
        const start = Object.values(bundle).find(part => part.type === 'chunk' && part.name === 'start')
        if (start === undefined) throw new Error('The build has made no part "start"')
        return [{ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${start.fileName}` }, injectTo: 'head' }]
      }
    }
  }
}

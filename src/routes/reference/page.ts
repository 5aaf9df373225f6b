import { title } from '../../documents/about.js'

/** What the page is and may do: it runs its own scripts, asks this server only and is shown in no other page. Its renderer brings styles of its own. */
export const contentSecurityPolicy = [
  'default-src \'none\'', 'script-src \'self\'', 'style-src \'self\' \'unsafe-inline\'', 'img-src \'self\' data:', 'font-src \'self\' data:',
  'connect-src \'self\'', 'base-uri \'none\'', 'form-action \'none\'', 'frame-ancestors \'none\''
].join('; ')

/** What is at the top isn't a header: on small screens the renderer brings the page's only one. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: API reference</title>
<link rel="icon" href="/docs/logo.svg">
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<nav class="top" aria-label="Documents">
<a class="home" href="/docs"><img src="/docs/logo.svg" alt="" width="24" height="24"> <strong>${title}</strong> <span>API reference</span></a>
<div><a href="/openapi.json">OpenAPI</a> <a href="/asyncapi.json">AsyncAPI</a></div>
</nav>
<div id="reference"></div>
<script src="/docs/renderer.js"></script>
<script src="/docs/page.js"></script>
</body>
</html>
`

export const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
<rect width="24" height="24" rx="6" fill="#0f766e"/>
<path d="M13.2 4.5 6.5 13h4.6l-.9 6.5 7.3-9h-4.8z" fill="#fff"/>
</svg>
`

/** The renderer's own colours but for the accent are too pale to be read by all (WCAG 2.2, 1.4.3). */
export const styles = `:root { --scalar-custom-header-height: 52px; --scalar-font: system-ui, sans-serif; --scalar-font-code: ui-monospace, monospace; }
body { margin: 0; font-family: system-ui, sans-serif; }
.top {
  position: sticky; top: 0; z-index: 20; box-sizing: border-box; height: 52px; padding-inline: 20px; display: flex; align-items: center; gap: 16px;
  justify-content: space-between; background: var(--scalar-background-1, Canvas); color: var(--scalar-color-1, CanvasText);
  border-block-end: 1px solid var(--scalar-border-color, #8884); font-size: 15px;
}
.top a { color: inherit; text-decoration: none; }
.top a:hover { text-decoration: underline; }
.top .home { display: flex; align-items: center; gap: 10px; }
.top span, .top div { color: var(--scalar-color-2, inherit); }
.top div { display: flex; gap: 16px; }
@media (max-width: 480px) { .top span { display: none; } }
.light-mode {
  --scalar-color-accent: #0f766e; --scalar-color-2: #636363; --scalar-color-3: #6b6b6b; --scalar-color-red: #be123c; --scalar-color-orange: #c2410c;
  --scalar-color-yellow: #854d0e; --scalar-color-green: #047857; --scalar-color-blue: #0369a1;
}
.dark-mode { --scalar-color-accent: #2dd4bf; --scalar-color-3: #8f8f8f; }
section[id*="/webhook/"] .show-api-client-button { display: none; }
`

/**
 * Nothing that the renderer offers of its maker's: no fonts, no proxy, no counting, no assistant. The buttons
 * that it leaves without a name get one.
 */
export const script = `Scalar.createApiReference('#reference', {
  url: '/docs/document.json',
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  showDeveloperTools: 'never',
  hideClientButton: true,
  mcp: { disabled: true },
  agent: { disabled: true },
  documentDownloadType: 'none',
  persistAuth: true,
  authentication: { preferredSecurityScheme: 'token' },
  defaultOpenFirstTag: true,
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  hiddenClients: {
    shell: ['wget', 'httpie'], python: ['python3', 'httpx_sync', 'httpx_async', 'aiohttp'], js: ['xhr', 'axios', 'ofetch', 'jquery'],
    node: true, c: true, clojure: true, csharp: true, dart: true, fsharp: true, go: true, http: true, java: true, kotlin: true, objc: true, ocaml: true, php: true,
    powershell: true, r: true, ruby: true, rust: true, swift: true
  }
})

new MutationObserver(() => {
  for (const button of document.querySelectorAll('.scalar-code-copy:not([aria-label])')) button.setAttribute('aria-label', 'Copy')
}).observe(document.getElementById('reference'), { childList: true, subtree: true })
`

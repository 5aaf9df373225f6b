/*
 * Imports point one way (docs/architecture.md): each folder of src names what it may import, type imports included. A circle is
 * refused everywhere, within a folder as well.
 */
const below = ['shared', 'locales', 'wire']

const mayImport = {
  shared: [],
  locales: ['schemas', 'shared'],
  wire: ['schemas', 'shared', 'locales'],
  config: ['schemas', ...below],
  auth: ['schemas', ...below],
  database: ['schemas', ...below],
  storage: ['schemas', ...below],
  hub: ['schemas', ...below, 'auth'],
  documents: ['schemas', ...below, 'hub'],
  services: ['schemas', ...below, 'auth', 'database', 'storage', 'hub'],
  live: ['schemas', ...below, 'auth', 'database', 'storage', 'hub', 'services'],
  work: ['schemas', ...below, 'auth', 'database', 'storage', 'hub', 'services'],
  observability: ['schemas', ...below, 'config', 'auth', 'database', 'storage', 'hub', 'documents', 'services', 'live', 'work'],
  local: ['schemas', ...below, 'config', 'database', 'observability'],
  plugins: ['schemas', ...below, 'config', 'auth', 'database', 'storage', 'hub', 'documents', 'services', 'live', 'work', 'observability'],
  routes: ['schemas', ...below, 'config', 'auth', 'database', 'storage', 'hub', 'documents', 'services', 'live', 'work', 'observability']
}

const place = layer => layer === 'schemas' ? '^schemas/' : `^src/${layer}/`

/** A rule by which what stands in one place imports from the allowed ones only. */
const only = (name, from, allowed) => ({ name, severity: 'error', from: { path: from }, to: { pathNot: [from, ...allowed] } })

export default {
  forbidden: [
    { name: 'no circle', severity: 'error', from: {}, to: { circular: true } },
    only('schemas import nothing else', place('schemas'), []),
    ...Object.entries(mayImport).map(([layer, allowed]) =>
      only(`${layer} may import ${allowed.join(', ') || 'no other layer'}`, place(layer), allowed.map(place))),
    // What starts the server or a command stands above every layer.
    only('src doesn\'t import its users', '^src/', ['^schemas/']),
    only('the client knows the documents only', '^client/', ['^openapi/client/']),
    // Whoever imports an entry of the client pays for no other.
    only('formats stand alone', '^client/src/format/', []),
    only('the store doesn\'t know what shows it', '^client/src/store/', ['^client/src/[^/]+$', '^openapi/client/']),
    only('attachments know calls only', '^client/src/attachments/', ['^client/src/[^/]+$', '^openapi/client/']),
    only('hooks know the store only', '^client/src/react/', ['^client/src/store/index']),
    only('calls and live events know none of what is built on them', '^client/src/[^/]+$', ['^openapi/client/']),
    only('the web app knows the client, by its entries', '^web/', ['^client/src/(index|store/index|react/index|format/index|attachments/index|account|analytics|webhooks)\\.ts$']),
    {
      name: 'a new folder of src says here what it may import',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: [...Object.keys(mayImport), 'commands'].map(place) },
      to: {}
    }
  ],
  options: {
    includeOnly: '^(src|schemas|client|web/(src|build)|test|openapi)/',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' }
  }
}

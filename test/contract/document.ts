import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { MediaType, OpenApiDocument, Operation, Reference, Response } from '../../src/documents/openapi/document.js'
import { decimalPlaces } from '../../src/shared/decimal.js'
import { isDayOrTime } from '../../src/shared/day-or-time.js'
import { isFileName } from '../../src/shared/file-name.js'
import { canonicalLocale } from '../../src/shared/locale.js'
import { isName } from '../../src/shared/names.js'
import { isTimeZone } from '../../src/shared/time-zone.js'

const currencies = new Set(Intl.supportedValuesOf('currency'))

/** A validator that is not the server's: as a client makes one of the document. */
export function createAjv () {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  return ajv
    .addFormat('well-formed', text => text.isWellFormed())
    .addFormat('iso-4217', text => currencies.has(text))
    .addFormat('bcp-47', tag => canonicalLocale(tag) !== undefined)
    .addFormat('display-name', isName)
    .addFormat('file-name', isFileName)
    .addFormat('day-or-time', isDayOrTime)
    .addFormat('time-zone', isTimeZone)
    .addKeyword({ keyword: 'x-maxDecimals', type: 'number', validate: (places: number, value: number) => decimalPlaces(value) <= places })
}

/** An answer to an operation. */
export interface Answer {
  status: number
  headers: Record<string, unknown>
  /** The text of the body; undefined where there is none to judge: to HEAD, and of streams. */
  body?: string
}

interface Header { required?: boolean, schema: object }

const mediaTypeOf = (value: unknown) => String(value ?? '').split(';')[0]!.trim()

/** An OpenAPI document that answers are held against. */
export class Contract {
  readonly #ajv = createAjv()
  readonly #validators = new Map<string, ValidateFunction>()

  constructor (readonly document: OpenApiDocument) {
    this.#ajv.addSchema(document, 'document')
  }

  /** Every operation, by `GET /path/{parameter}`. */
  get operations (): Map<string, Operation> {
    return new Map(Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation])))
  }

  /** What a value is, or what it refers to. */
  resolve<T extends object> (value: T | Reference): T {
    if (!('$ref' in value)) return value
    return value.$ref.slice(2).split('/').reduce<unknown>((at, key) =>
      (at as Record<string, unknown>)[key.replaceAll('~1', '/').replaceAll('~0', '~')], this.document) as T
  }

  /** A validator of a schema of the document; its references lead into the document. */
  validator (schema: object): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')
    const known = this.#validators.get(text)
    if (known !== undefined) return known
    const made = this.#ajv.compile(JSON.parse(text) as object)
    this.#validators.set(text, made)
    return made
  }

  /** What the document doesn't say of an answer: an undocumented status, type, problem code, header or body. */
  violations (operation: Operation, { status, headers, body }: Answer): string[] {
    const documented = operation.responses[status]
    if (documented === undefined) return [`the status ${status} is not documented`]
    const response = this.resolve(documented)
    return [...this.#headerViolations(response, headers), ...this.#bodyViolations(response, mediaTypeOf(headers['content-type']), body)]
  }

  #headerViolations ({ headers: documented = {} }: Response, headers: Answer['headers']): string[] {
    return Object.entries(documented).flatMap(([name, header]) => {
      const { required = false, schema } = this.resolve(header as Header | Reference)
      const value = headers[name.toLowerCase()]
      if (value === undefined) return required ? [`the header ${name} is missing`] : []
      const validate = this.validator(schema)
      const given = 'type' in schema && schema.type === 'integer' ? Number(value) : String(value)
      return validate(given) ? [] : [`the header ${name} is ${String(value)}`]
    })
  }

  #bodyViolations ({ content }: Response, type: string, body: string | undefined): string[] {
    if (body === undefined) return []
    if (content === undefined) return body === '' ? [] : ['no body is documented']
    const media = content[type]
    if (media === undefined) return [`the type ${type} is not documented`]
    if (type === 'application/x-ndjson') return body.trimEnd().split('\n').flatMap(line => this.#valueViolations(media, JSON.parse(line)))
    if (!/[/+]json$/.test(type)) return []
    return this.#valueViolations(media, JSON.parse(body))
  }

  #valueViolations (media: MediaType, value: unknown): string[] {
    const validate = this.validator(media.schema!)
    const found = validate(value) ? [] : validate.errors!.map(({ instancePath, message }) => `the body${instancePath} ${message}`)
    return [...found, ...this.#codeViolations(media, value)]
  }

  #codeViolations ({ examples = {}, schema }: MediaType, value: unknown): string[] {
    if (schema?.$ref !== '#/components/schemas/Problem') return []
    const { code } = value as { code: string }
    return code in examples ? [] : [`the problem ${code} is not documented for its status`]
  }
}

import { AjvCompiler } from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifySchemaCompiler } from 'fastify'
import { isCurrency } from '../shared/currency.js'
import { decimalPlaces } from '../shared/decimal.js'
import { canonicalLocale } from '../shared/locale.js'
import { isName } from '../shared/names.js'
import { conditionalUnions } from './discriminated-unions.js'
import type { AjvError } from './violations.js'

interface Ajv {
  addFormat: (name: string, check: (text: string) => boolean) => Ajv
  addKeyword: (definition: object | string) => Ajv
}

/** A compiled schema. */
export type ValidateFunction = ((data: unknown) => boolean) & { errors?: AjvError[] | null }

type ValidatorsOf = (route: Parameters<FastifySchemaCompiler<unknown>>[0]) => ValidateFunction

// A fault in the input is refused, never repaired: nothing is removed, and only query strings, paths and headers, which
// have no types of their own, are coerced.
const options = (coerceTypes: false | 'array') => ({
  customOptions: {
    removeAdditional: false,
    useDefaults: true,
    allErrors: true,
    coerceTypes,
    // Ajv coerces `Infinity`, and with strict numbers it would then skip minimum and maximum.
    strictNumbers: coerceTypes === false
  },
  onCreate: (ajv: Ajv) => ajv
    .addFormat('well-formed', text => text.isWellFormed())
    .addFormat('iso-4217', isCurrency)
    .addFormat('bcp-47', tag => canonicalLocale(tag) !== undefined)
    .addFormat('display-name', isName)
    .addKeyword({
      keyword: 'x-maxDecimals',
      type: 'number',
      schemaType: 'number',
      errors: true,
      validate: atMostDecimals
    })
})

/** Ajv reads what is wrong from the function itself. */
const atMostDecimals: { (places: number, value: number): boolean, errors?: Array<Partial<AjvError>> } = (limit, value) => {
  atMostDecimals.errors = [{ keyword: 'x-maxDecimals', params: { limit } }]
  return decimalPlaces(value) <= limit
}

const pool = AjvCompiler()

/** By the schemas that others refer to; then by the schema: many routes have the same headers and parameters, and compiling is dear. */
const validators = new Map<string, { strict: ValidatorsOf, coercing: ValidatorsOf }>()

/**
 * Compiles schemas into validators: strict ones for bodies and frames, coercing ones for the rest of a request.
 * @param externalSchemas schemas that others refer to, by `$id`
 */
export function buildValidator (externalSchemas: unknown): ValidatorsOf {
  const schemas = conditionalUnions(externalSchemas as Parameters<typeof conditionalUnions>[0])
  const text = JSON.stringify(schemas)
  const build = pool as unknown as (schemas: unknown, options: unknown) => ValidatorsOf
  const known = validators.get(text) ?? { strict: onceEach(build(schemas, options(false))), coercing: onceEach(build(schemas, options('array'))) }
  validators.set(text, known)
  return route => (route.httpPart === 'body' ? known.strict : known.coercing)(route)
}

const select = SerializerSelector()

type Serializers = ReturnType<typeof select>

/** By the schemas that others refer to; then by the schema: most routes answer with the same problems. */
const serializers = new Map<string, Serializers>()

/** Compiles schemas into serializers, in which a union goes by its discriminator too. */
export function buildSerializer (externalSchemas: unknown): Serializers {
  const schemas = conditionalUnions(externalSchemas as Parameters<typeof conditionalUnions>[0])
  const text = JSON.stringify(schemas)
  // What is sent is not validated: the formats only have to be known.
  const formats = { 'well-formed': true, 'iso-4217': true, 'bcp-47': true, 'display-name': true }
  const known = serializers.get(text) ?? onceEach(select(schemas, { ajv: { formats } } as never))
  serializers.set(text, known)
  return known
}

/** Compiles each schema once, whichever routes have it. */
function onceEach<Route extends { schema?: unknown }, Compiled> (compile: (route: Route) => Compiled): (route: Route) => Compiled {
  const compiled = new Map<string, Compiled>()
  return route => {
    const text = JSON.stringify(route.schema)
    const known = compiled.get(text) ?? compile(route)
    compiled.set(text, known)
    return known
  }
}

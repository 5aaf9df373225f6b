import { AjvCompiler } from '@fastify/ajv-compiler'
import { SerializerSelector } from '@fastify/fast-json-stringify-compiler'
import type { FastifySchemaCompiler } from 'fastify'
import { isCurrency } from '../shared/currency.js'
import { isDayOrTime } from '../shared/day-or-time.js'
import { isFileName } from '../shared/file-name.js'
import { decimalPlaces } from '../shared/decimal.js'
import { canonicalLocale } from '../shared/locale.js'
import { isName } from '../shared/names.js'
import { isTimeZone } from '../shared/time-zone.js'
import { conditionalUnions } from './discriminated-unions.js'
import type { AjvError } from './violations.js'

interface Ajv {
  addFormat: (name: string, check: (text: string) => boolean) => Ajv
  addKeyword: (definition: object | string) => Ajv
}

/** A compiled schema. */
export type ValidateFunction = ((data: unknown) => boolean) & { errors?: AjvError[] | null }

/** By `$id`. */
type Schemas = Parameters<typeof conditionalUnions>[0]

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
    .addFormat('file-name', isFileName)
    .addFormat('day-or-time', isDayOrTime)
    .addFormat('time-zone', isTimeZone)
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
const validators = new Map<string, ValidatorsOf>()

/**
 * Compiles schemas into validators: strict ones for bodies and frames, coercing ones for the rest of a request.
 * @param externalSchemas schemas that others refer to, by `$id`
 */
export function buildValidator (externalSchemas: Schemas): ValidatorsOf {
  return once(validators, nameOf(externalSchemas), () => {
    const build = pool as unknown as (schemas: unknown, options: unknown) => ValidatorsOf
    const schemas = conditionalUnions(externalSchemas)
    const strict = onceEach(build(schemas, options(false)))
    const coercing = onceEach(build(schemas, options('array')))
    return route => (route.httpPart === 'body' ? strict : coercing)(route)
  })
}

const select = SerializerSelector()

type Serializers = ReturnType<typeof select>

/** By the schemas that others refer to; then by the schema: most routes answer with the same problems. */
const serializers = new Map<string, Serializers>()

/** Compiles schemas into serializers, in which a union goes by its discriminator too. */
export function buildSerializer (externalSchemas: Schemas): Serializers {
  return once(serializers, nameOf(externalSchemas), () => {
    // What is sent is not validated: the formats only have to be known.
    const formats = { 'well-formed': true, 'iso-4217': true, 'bcp-47': true, 'display-name': true, 'file-name': true, 'time-zone': true }
    return onceEach(select(conditionalUnions(externalSchemas), { ajv: { formats } } as never))
  })
}

/** Compiles each schema once, whichever routes have it. */
function onceEach<Route extends { schema?: unknown }, Compiled> (compile: (route: Route) => Compiled): (route: Route) => Compiled {
  const compiled = new Map<string, Compiled>()
  return route => once(compiled, JSON.stringify(route.schema), () => compile(route))
}

function once<Made> (known: Map<string, Made>, key: string, make: () => Made): Made {
  const made = known.get(key) ?? make()
  known.set(key, made)
  return made
}

const numbers = new WeakMap<object, number>()
const numbersOfTexts = new Map<string, number>()

/** Fastify asks for each of its contexts, with the same schemas: each is named by a number, for all of their texts are long. */
function nameOf (schemas: Schemas): string {
  return Object.values(schemas).map(schema => {
    const number = numbers.get(schema) ?? once(numbersOfTexts, JSON.stringify(schema), () => numbersOfTexts.size)
    numbers.set(schema, number)
    return number
  }).join()
}

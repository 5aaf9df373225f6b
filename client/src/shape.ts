import { shapes } from '../../openapi/client/shapes.js'

/**
 * What a value looks like. A string names a kind (see `kinds`), another shape (`#Name`), or the strings that there are (`=a|b`); a list of one is a
 * list of such, of several any one of them; an object has the properties, those with a `?` maybe. What has more is fine: servers learn.
 */
export type Shape = string | readonly [Shape, ...Shape[]] | { readonly [property: string]: Shape }

const isString = (value: unknown): value is string => typeof value === 'string'

const isList = (shape: Shape): shape is readonly [Shape, ...Shape[]] => Array.isArray(shape)

/** By their first character, what is left of the string beside the value; the letters are those that src/documents/shapes.ts writes. */
const kinds: Record<string, (value: unknown, rest: string) => boolean> = {
  s: isString,
  t: value => isString(value) && !isNaN(Date.parse(value)),
  c: value => isString(value) && /^[A-Z]{3}$/.test(value),
  n: value => typeof value === 'number',
  i: Number.isInteger,
  b: value => typeof value === 'boolean',
  z: value => value === null,
  '=': (value, rest) => rest.split('|').includes(value as string)
}

/**
 * Looks for what doesn't fit.
 * @param value what was parsed from JSON
 * @returns a JSON Pointer to it, `/` for all of it; undefined if it fits
 */
export function misfit (shape: Shape, value: unknown, path = ''): string | undefined {
  const here = path || '/'
  if (isString(shape)) {
    const [kind = '', rest] = [shape[0], shape.slice(1)]
    if (kind === '#') return misfit(shapes.named[rest] as Shape, value, path)
    return kinds[kind]?.(value, rest) ? undefined : here
  }
  if (isList(shape)) {
    if (shape.length > 1) return shape.some(one => misfit(one, value) === undefined) ? undefined : here
    return Array.isArray(value) ? value.map((part, n) => misfit(shape[0], part, `${path}/${n}`)).find(isString) : here
  }
  if (Object(value) !== value || Array.isArray(value)) return here
  return Object.entries(shape).map(([key, part]) => {
    const name = key.replace('?', '')
    const given = (value as Record<string, unknown>)[name]
    return given === undefined && name !== key ? undefined : misfit(part, given, `${path}/${name}`)
  }).find(isString)
}

/** @returns in a sentence where something doesn't fit, and nothing of what it is; undefined if it fits */
export function faultOf (name: string, shape: Shape, value: unknown): string | undefined {
  const place = misfit(shape, value)
  return place && `${name} doesn't fit its schema at ${place}`
}

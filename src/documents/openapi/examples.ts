import { problemCatalogue, problemExample, type ProblemCode } from '../../../schemas/problem.js'
import type { MediaType, OpenApiDocument } from './document.js'

const at = (name: string) => ({ $ref: `#/components/examples/${name}` })

/** The examples of the document: one for each problem code and one for each schema, a union's being those of its branches. */
export function exampleComponents ({ components: { schemas } }: OpenApiDocument) {
  return {
    ...Object.fromEntries(Object.entries(schemas).flatMap(([name, { description, examples = [] }]) =>
      examples.length === 0 || name === 'Problem' ? [] : [[name, { summary: description, value: examples[0] }]])),
    ...Object.fromEntries(Object.entries(problemCatalogue).map(([code, { title }]) =>
      [code, { summary: title, value: problemExample(code as ProblemCode) }]))
  }
}

/** The examples of what a media type holds, as references to components. */
export function examplesOf ({ schema, examples }: MediaType, { components: { schemas } }: OpenApiDocument) {
  if (examples !== undefined) return Object.fromEntries(Object.keys(examples).map(code => [code, at(code)]))
  const name = nameOf(schema?.$ref)
  if (name === undefined) return undefined
  const names = schemas[name]?.anyOf?.map(({ $ref }) => nameOf($ref)!) ?? [name]
  return Object.fromEntries(names.map(name => [name, at(name)]))
}

function nameOf ($ref: string | undefined) {
  return $ref?.replace('#/components/schemas/', '')
}

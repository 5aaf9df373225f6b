interface Schema {
  $id?: string
  $ref?: string
  anyOf?: Schema[]
  discriminator?: { propertyName: string }
  properties?: Record<string, { const?: unknown }>
  required?: string[]
}

/**
 * Unions with a discriminator as conditions on its property, so that a body is judged by the branch that it names, and not
 * blamed for what every other branch misses. A branch that doesn't require the property is the one for bodies without it,
 * unless they have a property that only others know: those are asked for the discriminator.
 * @param schemas by `$id`; the branches of a union are references into them
 */
export function conditionalUnions (schemas: Record<string, Schema>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => {
    const { $id, anyOf, discriminator } = schema
    return [id, anyOf === undefined || discriminator === undefined
      ? schema
      : { $id, type: 'object', ...conditions(discriminator.propertyName, anyOf.map(branch => ({ branch, ...schemas[branch.$ref ?? ''] }))) }]
  }))
}

function conditions (tag: string, branches: Array<Schema & { branch: Schema }>): object {
  const values = branches.map(({ properties }) => properties?.[tag]?.const)
  const untagged = branches.find(({ required }) => required?.includes(tag) !== true)
  const otherwise = {
    if: { type: 'object', required: [tag] },
    then: { type: 'object', properties: { [tag]: { enum: values } } },
    else: untagged === undefined ? { type: 'object', required: [tag] } : unlessForeign(tag, untagged, branches)
  }
  return branches.reduceRight<object>((rest, { branch }, n) => ({
    if: { type: 'object', properties: { [tag]: { const: values[n] } }, required: [tag] },
    then: branch,
    else: rest
  }), otherwise)
}

/** The branch without a tag, for what has none of the properties that only tagged ones know. */
function unlessForeign (tag: string, { branch, properties = {} }: Schema & { branch: Schema }, branches: Schema[]): object {
  const foreign = new Set(branches.flatMap(other => Object.keys(other.properties ?? {})).filter(name => !(name in properties)))
  if (foreign.size === 0) return branch
  return {
    if: { type: 'object', anyOf: [...foreign].map(name => ({ required: [name] })) },
    then: { required: [tag] },
    else: branch
  }
}

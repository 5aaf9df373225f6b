import { readdirSync, readFileSync } from 'node:fs'
import { isCollection, parse, type CollectionTag, type ScalarTag, type Tags } from 'yaml'

const folder = new URL('../../deploy/', import.meta.url)

type Values = Record<string, string>

/** A CloudFormation template, its short forms written out (`!Ref x` is `{ Ref: 'x' }`). */
export interface Template {
  Description: string
  Parameters: Record<string, { Type: string, Default?: string | number }>
  Conditions?: Record<string, unknown>
  Resources: Record<string, Resource>
  Outputs?: Record<string, { Value: unknown, Export?: { Name: unknown } }>
}

export interface Resource {
  Type: string
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
  Properties: Record<string, unknown>
}

const functions = ['Ref', 'Contains', 'Equals', 'GetAtt', 'If', 'ImportValue', 'Not', 'Select', 'Split', 'Sub']

const longForm = (name: string, argument: unknown) => ({ [name === 'Ref' ? name : `Fn::${name}`]: argument })

const tags: Tags = functions.flatMap((name): Array<ScalarTag | CollectionTag> => {
  const tag = `!${name}`
  const resolve = (value: unknown) => longForm(name, isCollection(value) ? value.toJSON() : value)
  return [{ tag, resolve }, { tag, collection: 'seq', resolve }, { tag, collection: 'map', resolve }]
})

/** The names of all templates. */
export const templateNames = readdirSync(folder).filter(name => name.endsWith('.yaml')).map(name => name.slice(0, -'.yaml'.length))

/** Reads a template of the folder `deploy`. */
export function readTemplate (name: string): Template {
  return parse(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'), { customTags: tags }) as Template
}

const pseudoParameters: Values = {
  'AWS::AccountId': '123456789012', 'AWS::Partition': 'aws', 'AWS::Region': 'eu-central-1'
}

/**
 * What a template comes to, as CloudFormation would compute it. What only exists once it is deployed is named:
 * `<Table.Arn>`.
 * @param given parameters; resources may be given what they will be called
 * @param exported what other stacks export; importing anything else is an error
 */
export function evaluate (template: Template, given: Values = {}, exported: Values = {}): Pick<Template, 'Resources' | 'Outputs'> {
  const defaults = Object.entries(template.Parameters).flatMap(([name, { Default }]) => Default === undefined ? [] : [[name, String(Default)]])
  const parameters: Values = { ...pseudoParameters, ...Object.fromEntries(defaults), ...given }

  const call: Record<string, (argument: never) => unknown> = {
    Ref: (name: string) => name === 'AWS::NoValue' ? undefined : refer(name),
    'Fn::Equals': ([one, other]: unknown[]) => value(one) === value(other),
    'Fn::GetAtt': (path: string | string[]) => `<${[path].flat().join('.')}>`,
    'Fn::If': ([name, yes, no]: [string, unknown, unknown]) => value(value(template.Conditions?.[name]) === true ? yes : no),
    'Fn::ImportValue': (argument: unknown) => {
      const name = String(value(argument))
      if (exported[name] === undefined) throw new Error(`Nothing exports ${name}`)
      return exported[name]
    },
    'Fn::Not': ([condition]: unknown[]) => value(condition) !== true,
    'Fn::Select': ([index, list]: [number, unknown]) => (value(list) as unknown[])[index],
    'Fn::Split': ([separator, text]: [string, unknown]) => String(value(text)).split(separator),
    'Fn::Sub': (argument: string | [string, Record<string, unknown>]) => {
      const [text, own] = [argument].flat() as [string, Record<string, unknown>?]
      return text.replace(/\$\{([\w.:]+)\}/g, (_, name: string) => String(own?.[name] === undefined ? refer(name) : value(own[name])))
    }
  }

  /** A parameter, or a resource (or an attribute of one) by its name. */
  const refer = (name: string) => {
    if (parameters[name] !== undefined) return parameters[name]
    if (template.Resources[name.split('.', 1)[0]!] === undefined) throw new Error(`${name} is neither a parameter nor a resource`)
    return `<${name}>`
  }

  const value = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(value).filter(item => item !== undefined)
    if (typeof node !== 'object' || node === null) return node
    const entries = Object.entries(node)
    const [name, argument] = entries[0] ?? []
    if (entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'))) {
      const apply = call[name]
      if (apply === undefined) throw new Error(`${name} isn't understood`)
      return apply(argument as never)
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, value(item)]).filter(([, item]) => item !== undefined))
  }

  const holds = (item: unknown) => {
    const { Condition: name } = item as { Condition?: string }
    return name === undefined || value(template.Conditions?.[name]) === true
  }
  const resources = Object.entries(template.Resources).filter(([, resource]) => holds(resource))
  return value({ Resources: Object.fromEntries(resources), Outputs: template.Outputs ?? {} }) as Pick<Template, 'Resources' | 'Outputs'>
}

/** What a template exports, by name. */
export function exportsOf (template: Template, given: Values = {}, exported: Values = {}): Values {
  const { Outputs = {} } = evaluate(template, given, exported)
  return Object.fromEntries(Object.values(Outputs).flatMap(({ Value, Export }) => Export === undefined ? [] : [[Export.Name, Value]])) as Values
}

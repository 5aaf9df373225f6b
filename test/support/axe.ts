import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * What stands in the way of people with disabilities, by axe: a line each, none if all is well.
 * @param page a page of either of the libraries that drive a browser
 * @param without the ids of rules that aren't looked at
 */
export async function axe (page: { evaluate: (expression: string) => Promise<unknown> }, without: string[] = []): Promise<string[]> {
  await page.evaluate(source)
  const rules = Object.fromEntries(without.map(rule => [rule, { enabled: false }]))
  const { violations } = await page.evaluate(`axe.run(document, ${JSON.stringify({ rules })})`) as AxeResults
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html}\n  ${failureSummary ?? ''}`))
}

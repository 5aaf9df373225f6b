import type { LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { sharedSchemas } from '../../schemas/index.js'
import { problemCatalogue, ProblemSchema, type Problem, type ProblemCode } from '../../schemas/problem.js'
import { buildValidator } from '../../src/wire/validation.js'

const byId = Object.fromEntries(sharedSchemas.map(schema => [schema.$id, schema]))
const validate = buildValidator(byId)({ schema: { $ref: ProblemSchema.$id }, httpPart: 'body', method: 'GET', url: '/' })

/** Asserts that a body is the problem document of a code. */
export function isProblem (t: Test, body: Problem, code: ProblemCode, message: string = code): void {
  const { status, title } = problemCatalogue[code]
  t.match(body, { code, status, title, type: `urn:equilux:problem:${code}` }, message)
  t.ok(validate(body), `${message}: the body is a Problem`, { errors: validate.errors })
}

/** Asserts that a response is the problem document of a code, and returns it. */
export function refused (t: Test, response: LightMyRequestResponse, code: ProblemCode, message: string = code): Problem {
  const body = response.json<Problem>()
  t.equal(response.statusCode, problemCatalogue[code].status, message)
  t.equal(response.headers['content-type'], 'application/problem+json; charset=utf-8', `${message}: the media type`)
  isProblem(t, body, code, message)
  t.equal(body.requestId, response.headers['x-request-id'] ?? body.requestId, `${message}: the request id`)
  return body
}

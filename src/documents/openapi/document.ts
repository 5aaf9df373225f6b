import type { ProblemCode } from '../../../schemas/problem.js'

/** A reference into the document. */
export interface Reference { $ref: string }

export interface MediaType {
  schema?: { $ref?: string, examples?: unknown[] }
  example?: unknown
  examples?: Record<string, { summary?: string, value: unknown } | Reference>
}

export interface Response {
  description: string
  headers?: Record<string, object>
  content?: Record<string, MediaType>
  links?: Record<string, object>
}

export interface Operation {
  operationId: string
  security?: object[]
  parameters?: Array<{ in: string, name: string, required?: boolean, example?: unknown }>
  requestBody?: { content: Record<string, MediaType> }
  responses: Record<string, Response | Reference>
}

/** The parts of an OpenAPI document that are looked at here. */
export interface OpenApiDocument {
  paths: Record<string, Record<string, Operation>>
  webhooks?: Record<string, object>
  components: {
    schemas: Record<string, { description?: string, anyOf?: Reference[], examples?: unknown[] }>
    headers?: Record<string, object>
    examples?: Record<string, object>
    responses?: Record<string, Response>
  }
}

/** The media type of problems. */
export const problemType = 'application/problem+json'

/** The problem codes that a response names as its examples. */
export function codesOf ({ content }: Response): ProblemCode[] {
  return Object.keys(content?.[problemType]?.examples ?? {}) as ProblemCode[]
}

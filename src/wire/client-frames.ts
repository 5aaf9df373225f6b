import { clientFrameSchemas, type ClientFrame } from '../../schemas/events.js'
import { ProblemError } from './problem-error.js'
import { buildValidator, type ValidateFunction } from './validation.js'
import { violationsOf } from './violations.js'

const compile = buildValidator({})
const validators = new Map<unknown, ValidateFunction>(Object.entries(clientFrameSchemas).map(([type, schema]) =>
  [type, compile({ schema, httpPart: 'body', method: '', url: '' })]))

/** A frame that a client sent, or why it is refused; with its id, where it has one. */
export type Decoded = { id?: string } & ({ frame: ClientFrame } | { refusal: ProblemError })

/** How many violations an error frame names: fewer than a problem, for it is to be small. */
const maxViolations = 5

/**
 * Parses and validates what a client sent.
 * @param text the text of the frame
 */
export function decodeFrame (text: string): Decoded {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { refusal: new ProblemError('malformed_json', 'frame_malformed') }
  }
  const { type, id } = (typeof value === 'object' && value !== null ? value : {}) as { type?: unknown, id?: unknown }
  const echoed = isFrameId(id) ? id : undefined
  const validate = validators.get(type)
  if (validate === undefined) {
    return { id: echoed, refusal: new ProblemError('validation_failed', { id: 'frame_type', types: [...validators.keys()].join(', ') }) }
  }
  if (validate(value)) return { id: echoed, frame: value as ClientFrame }
  const violations = violationsOf(validate.errors ?? [], { limit: maxViolations })
  return { id: echoed, refusal: new ProblemError('validation_failed', undefined, { violations }) }
}

function isFrameId (id: unknown): id is string {
  return typeof id === 'string' && id.length > 0 && id.length <= 128 && Array.from(id).length <= 64
}

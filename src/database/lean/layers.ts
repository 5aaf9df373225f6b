import type { Answer, Call, Layer } from '../database-client.js'

type Handler = (call: Call) => Promise<Answer>

/** What stands around a handler, the first that was added outermost. */
export class Layers {
  #layers: readonly Layer[] = []

  /** @param innermost what is done in the end */
  constructor (private readonly innermost: Handler) {
    this.run = innermost
  }

  /** Goes through all layers. It is put together when they change, not for each call. */
  run: Handler

  /** Adds a layer inside the others; returns its removal. */
  add (layer: Layer): () => void {
    this.#set([...this.#layers, layer])
    return () => this.#set(this.#layers.filter(other => other !== layer))
  }

  #set (layers: readonly Layer[]) {
    this.#layers = layers
    this.run = layers.reduceRight<Handler>((next, layer) => async call => await layer(call, next), this.innermost)
  }
}

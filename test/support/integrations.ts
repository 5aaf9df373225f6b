import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Scope } from '../../schemas/integration.js'
import { createRegistry, type Registry } from '../../src/services/integrations/registry.js'

/** What operators do with the integrations of an app. */
export function registryOf ({ entities }: FastifyInstance): Registry {
  return createRegistry({ entities, now: Date.now })
}

/** An integration of an app, which makes requests with a key. */
export class TestIntegration {
  private constructor (readonly app: FastifyInstance, readonly id: string, readonly key: string, readonly keyId: string) {}

  /** Makes one. @param endsAt of its key, in ms since the epoch */
  static async make (app: FastifyInstance, scopes: Scope[], { name = 'Stadtwerke', endsAt }: { name?: string, endsAt?: number } = {}): Promise<TestIntegration> {
    const { key, stored, integration } = await registryOf(app).create({ name, scopes }, endsAt)
    return new TestIntegration(app, integration.integrationId, key, stored.id)
  }

  /** The same integration with another key. */
  withKey (key: string, keyId: string): TestIntegration {
    return new TestIntegration(this.app, this.id, key, keyId)
  }

  async request (options: InjectOptions) {
    return await this.app.inject({ ...options, headers: { authorization: `Bearer ${this.key}`, ...options.headers } })
  }

  /** GET below /api/integrations. */
  async get (path: string) {
    return await this.request({ method: 'GET', url: `/api/integrations${path}` })
  }

  /** PUT below /api/integrations. */
  async put (path: string, payload: object) {
    return await this.request({ method: 'PUT', url: `/api/integrations${path}`, payload })
  }

  /** POST below /api/integrations. */
  async post (path: string, payload: object, headers: Record<string, string> = {}) {
    return await this.request({ method: 'POST', url: `/api/integrations${path}`, payload, headers })
  }
}

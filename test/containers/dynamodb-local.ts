import type { Test } from 'tap'
import { GenericContainer, Wait } from 'testcontainers'

/** AWS's own engine in a container; it ends with the test and keeps nothing. */
export async function startDynamoDBLocal (t: Test) {
  const container = await new GenericContainer('amazon/dynamodb-local')
    .withExposedPorts(8000)
    // Whoever asks without a signature is refused, by the engine.
    .withWaitStrategy(Wait.forHttp('/', 8000).forStatusCode(400))
    .start()
  t.teardown(() => container.stop())
  const [network = ''] = container.getNetworkNames()
  return {
    /** Where the tests reach it. */
    endpoint: `http://${container.getHost()}:${container.getMappedPort(8000)}`,
    /** Where other containers reach it: by address, because not every network resolves names. */
    inside: `http://${container.getIpAddress(network)}:8000`
  }
}

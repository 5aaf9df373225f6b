import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb'
import t, { type Test } from 'tap'
import { conditionFailure, toProblemError } from '../../src/database/faults.js'
import { clientFor, kinds, outcome, type Kind } from '../support/clients.js'
import { FakeDynamoDB, type FakeRequest, type Reply } from '../support/fake-dynamodb.js'

// Most of the time is spent waiting.
t.jobs = 4

const get = () => new GetCommand({ TableName: 'table', Key: { pk: 'a' } })
const put = () => new PutCommand({ TableName: 'table', Item: { pk: 'a' } })
const transact = () => new TransactWriteCommand({ TransactItems: [{ Put: { TableName: 'table', Item: { pk: 'a' } } }] })

const refused = (type: string, members: object = {}, status = 400): Reply => ({ status, body: { __type: type, message: `${type} happened`, ...members } })
const ok: Reply = { body: { Item: { pk: { S: 'a' } } } }

interface Case {
  command?: () => object
  script: (request: FakeRequest, count: number) => Reply
  requests: number
  /** What is expected of the outcome; both clients' must be the same besides. */
  expected: Record<string, unknown>
  patience?: { connect: number, attempt: number }
  /** Where the stock client's words for what happened are its own: both say the same, not in the same words. */
  ownWords?: boolean
}

const dynamodb = 'com.amazonaws.dynamodb.v20120810#'
const item = { pk: { S: 'a' }, bytes: { B: 'AQI=' }, seq: { N: '3' } }
const brief = { connect: 3000, attempt: 3000 }

const cases: Record<string, Case> = {
  'a condition that does not hold is told at once, with the item': {
    command: put,
    script: () => refused(`${dynamodb}ConditionalCheckFailedException`, { Item: item }),
    requests: 1,
    expected: { type: 'ConditionalCheckFailedException', name: 'ConditionalCheckFailedException', attempts: 1, httpStatusCode: 400, requestId: 'request-1', $fault: 'client' }
  },
  'a cancelled transaction is told at once, with its reasons': {
    command: transact,
    script: () => refused(`${dynamodb}TransactionCanceledException`, {
      message: undefined, Message: 'cancelled', CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', Item: item }]
    }),
    requests: 1,
    expected: { type: 'TransactionCanceledException', message: 'cancelled', attempts: 1 }
  },
  'a transaction conflict is told at once': {
    command: put, script: () => refused(`${dynamodb}TransactionConflictException`), requests: 1, expected: { type: 'TransactionConflictException' }
  },
  'a request that is invalid is told at once': {
    script: () => refused('com.amazon.coral.validate#ValidationException'),
    requests: 1,
    expected: { type: 'DynamoDBServiceException', name: 'ValidationException', message: 'com.amazon.coral.validate#ValidationException happened' }
  },
  'a table that is not there is told at once': {
    script: () => refused(`${dynamodb}ResourceNotFoundException`), requests: 1, expected: { type: 'ResourceNotFoundException', $fault: 'client' }
  },
  'the name of an error may stand in a header': {
    script: () => ({ status: 400, body: { message: 'no' }, headers: { 'x-amzn-errortype': 'AccessDeniedException:http://internal' } }),
    requests: 1,
    expected: { name: 'AccessDeniedException', message: 'no' }
  },
  'an endpoint in between that answers no JSON is tried again, and told in the end': {
    script: () => ({ status: 503, body: '<html>Service Unavailable</html>' }), requests: 3, expected: { attempts: 3, httpStatusCode: 503 }, ownWords: true
  },
  'a connection that breaks is tried again': { script: (_, count) => count < 2 ? 'reset' : ok, requests: 3, expected: { value: { Item: { pk: 'a' } } } },
  'connections that always break are told': { script: () => 'reset', requests: 3, expected: { name: 'TimeoutError', code: 'ECONNRESET', attempts: 3 }, ownWords: true },
  'an answer that breaks off is tried again': { script: (_, count) => count === 0 ? 'cut' : ok, requests: 2, expected: { value: { Item: { pk: 'a' } } } },
  'an answer that does not come is tried again': {
    script: (_, count) => count === 0 ? 'silence' : ok, requests: 2, expected: { value: { Item: { pk: 'a' } } }, patience: { connect: 5000, attempt: 5000 }
  },
  'answers that never come are told': { script: () => 'silence', requests: 3, expected: { name: 'TimeoutError', code: 'ETIMEDOUT', attempts: 3 }, patience: brief, ownWords: true }
}
for (const [type, status] of [
  ['ProvisionedThroughputExceededException', 400], ['ThrottlingException', 400], ['RequestLimitExceeded', 400], ['TransactionInProgressException', 400],
  ['InternalServerError', 500], ['ServiceUnavailable', 503]
] as const) {
  const fault = refused(`${dynamodb}${type}`, {}, status)
  cases[`${type} is tried again`] = { script: (_, count) => count < 2 ? fault : ok, requests: 3, expected: { value: { Item: { pk: 'a' } } } }
  cases[`${type} that does not end is told`] = { script: () => fault, requests: 3, expected: { name: type, attempts: 3, httpStatusCode: status } }
}

for (const [name, { command = get, script, requests, expected, patience, ownWords = false }] of Object.entries(cases)) {
  t.test(name, { buffered: true }, async t => {
    const [stock, own] = await Promise.all(kinds.map(async kind => {
      const fake = await FakeDynamoDB.open(t)
      fake.script = script
      const promise = clientFor(t, kind, fake.url, patience).send(command())
      const result = await outcome(promise)
      t.match(result, expected, kind)
      t.equal(fake.requests.length, requests, `${kind}: its requests`)
      if ('value' in result) return { value: (result.value as { Item: unknown }).Item }
      const error = await promise.catch(error => error as Error)
      return { ...result, condition: conditionFailure(error), problem: toProblemError(error).code, ...(ownWords ? { message: '', type: '', name: '', $fault: '', requestId: '', code: '' } : {}) }
    }))
    t.strictSame(own, stock)
  })
}

for (const kind of kinds) {
  t.test(`${kind}: credentials that the service calls expired are renewed once, by one of those who met that`, { buffered: true }, async t => {
    const { fake, client, renewals } = await renewing(t, kind)
    fake.script = ({ accessKeyId }) => accessKeyId === 'first' ? refused('ExpiredTokenException') : ok
    await Promise.all(Array.from({ length: 5 }, async () => await client.send(get())))
    t.equal(renewals(), 2, 'the first time and once more')
    t.match(fake.requests.at(-1), { accessKeyId: 'second', sessionToken: 'session-second' })
  })

  t.test(`${kind}: credentials that are always called expired are told`, { buffered: true }, async t => {
    const { fake, client } = await renewing(t, kind)
    fake.script = () => refused('ExpiredTokenException')
    t.match(await outcome(client.send(get())), { name: 'ExpiredTokenException', attempts: 3 })
  })

  t.test(`${kind}: credentials near their end are renewed before they are used`, { buffered: true }, async t => {
    const { fake, client } = await renewing(t, kind, 200_000)
    fake.script = () => ok
    await client.send(get())
    await client.send(get())
    t.equal(fake.requests.at(-1)!.accessKeyId, 'second')
  })

  t.test(`${kind}: credentials that can not be had are a fault of the database`, { buffered: true }, async t => {
    const { client, fake } = await renewing(t, kind)
    Object.assign(client.sdk.config, { credentials: async () => { throw Object.assign(new Error('none'), { name: 'CredentialsProviderError' }) } })
    const error: unknown = await client.send(get()).catch(error => error as Error)
    t.equal(toProblemError(error).code, 'database_unavailable')
    t.equal(fake.requests.length, 0)
  })

  t.test(`${kind}: signatures follow the clock of the service`, { buffered: true }, async t => {
    const fake = await FakeDynamoDB.open(t)
    const client = clientFor(t, kind, fake.url)
    const ahead = 3_600_000
    fake.script = ({ signedAt }) => {
      const headers = { date: new Date(Date.now() + ahead).toUTCString() }
      return Math.abs(signedAt - Date.now() - ahead) < 300_000
        ? { ...ok as object, headers }
        : { status: 400, headers, body: { __type: 'InvalidSignatureException', message: 'Signature not yet current' } }
    }
    await client.send(get())
    t.equal(fake.requests.length, 2)
    await client.send(get())
    t.equal(fake.requests.length, 3, 'it knows the time from then on')
  })

  t.test(`${kind}: a call that is aborted ends at once, while it waits and while it pauses`, { buffered: true }, async t => {
    const fake = await FakeDynamoDB.open(t)
    const client = clientFor(t, kind, fake.url)
    for (const reply of ['silence', refused(`${dynamodb}ThrottlingException`)] as Reply[]) {
      const abort = new AbortController()
      fake.script = () => {
        setTimeout(() => abort.abort(), 5)
        return reply
      }
      const { name } = await outcome(client.send(get(), { abortSignal: abort.signal }))
      t.ok(name === 'AbortError' || (reply !== 'silence' && name === 'ThrottlingException'), String(name))
    }
    const { name } = await outcome(client.send(get(), { abortSignal: AbortSignal.abort() }))
    t.equal(name, 'AbortError')
  })

  t.test(`${kind}: a service that refuses connections is told as it is`, { buffered: true }, async t => {
    t.match(await outcome(clientFor(t, kind, 'http://127.0.0.1:1').send(get())), { code: 'ECONNREFUSED', attempts: 3 })
  })

  t.test(`${kind}: layers stand around calls and attempts, the first outermost, until they are removed`, { buffered: true }, async t => {
    const fake = await FakeDynamoDB.open(t)
    const client = clientFor(t, kind, fake.url)
    fake.script = (_, count) => count === 0 ? 'reset' : ok
    const seen: string[] = []
    const layer = (name: string) => async (...[call, next]: Parameters<Parameters<typeof client.aroundCalls>[0]>) => {
      seen.push(`${name} ${call.operation}`)
      return await next(call)
    }
    const remove = [client.aroundCalls(layer('outer')), client.aroundCalls(layer('inner')), client.aroundAttempts(layer('attempt'))]
    await client.send(get())
    for (const each of remove) each()
    await client.send(get())
    t.same(seen, ['outer GetItem', 'inner GetItem', 'attempt GetItem', 'attempt GetItem'])
  })
}

/** A client whose credentials are `first` and then `second`, and how often they were asked for. */
async function renewing (t: Test, kind: Kind, lifetime?: number) {
  const fake = await FakeDynamoDB.open(t)
  const client = clientFor(t, kind, fake.url)
  let renewals = 0
  const credentials = async () => {
    const accessKeyId = renewals++ === 0 ? 'first' : 'second'
    return {
      accessKeyId,
      secretAccessKey: `${accessKeyId}-secret`,
      sessionToken: `session-${accessKeyId}`,
      expiration: new Date(Date.now() + (accessKeyId === 'first' ? lifetime ?? 3_600_000 : 3_600_000))
    }
  }
  Object.assign(client.sdk.config, { credentials })
  return { fake, client, renewals: () => renewals }
}

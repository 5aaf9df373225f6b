import fastify from 'fastify'
import t from 'tap'
import { ConfigSchema } from '../../schemas/config.js'
import { loadConfig } from '../../src/config/environment.js'
import { defaultHubLimits } from '../../src/hub/limits.js'
import { createLogger } from '../../src/observability/logger.js'
import { serverOptions } from '../../src/config/server-options.js'
import { evaluate, exportsOf, readTemplate, templateNames, type Resource } from './template.js'

/** What operators say. */
const given = {
  Image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/energy/chat:1.2.3',
  VpcId: 'vpc-0123456789abcdef0',
  VpcCidr: '10.20.0.0/16',
  SubnetIds: 'subnet-0123456789abcdef0',
  LoadBalancerSubnetIds: 'subnet-0123456789abcdef0',
  ServiceSubnetIds: 'subnet-0123456789abcdef0',
  CertificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
  ClientUrl: 'https://app.example.com,https://admin.example.com'
}
const issuer = {
  JwksUrl: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A/.well-known/jwks.json',
  JwtIssuer: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A',
  JwtAudience: 'chat'
}

/** What the stacks export that a service is built upon. */
const exported = Object.assign({}, ...['table', 'secrets', 'valkey', 'attachments'].map(name => exportsOf(readTemplate(name), { ...given, Table: 'chat-table', Bucket: 'chat-files' }))) as Record<string, string>

/** What a secret holds whose ARN one of the templates exports. */
function secretValue (arn: string): string {
  if (arn === exported['equilux-chat-redis-url']) return 'rediss://:0123456789abcdef@valkey.example:6379'
  if (arn === exported['equilux-chat-jwt-secret']) return 'j'.repeat(64)
  if (arn === exported['equilux-chat-cursor-secret']) return 'c'.repeat(64)
  if (arn === exported['equilux-chat-webhook-secret']) return 'w'.repeat(64)
  throw new Error(`There is no secret ${arn}`)
}

interface Container {
  Environment: Array<{ Name: string, Value: string }>
  Secrets: Array<{ Name: string, ValueFrom: string }>
  StopTimeout: number
  PortMappings: Array<{ ContainerPort: number }>
}

function containerOf (resources: Record<string, Resource>): Container {
  const [container] = resources.TaskDefinition!.Properties.ContainerDefinitions as [Container]
  return container
}

interface ImageConfiguration {
  Port: string
  RuntimeEnvironmentVariables: Array<{ Name: string, Value: string }>
  RuntimeEnvironmentSecrets: Array<{ Name: string, Value: string }>
}

/** The variables with which each template starts the server. */
const environments: Record<string, (resources: Record<string, Resource>) => Record<string, string>> = {
  ecs (resources) {
    const { Environment, Secrets } = containerOf(resources)
    return Object.fromEntries([
      ...Environment.map(({ Name, Value }) => [Name, Value]),
      ...Secrets.map(({ Name, ValueFrom }) => [Name, secretValue(ValueFrom)])
    ])
  },
  'app-runner' (resources) {
    const { ImageRepository } = resources.Service!.Properties.SourceConfiguration as { ImageRepository: { ImageConfiguration: ImageConfiguration } }
    const { Port, RuntimeEnvironmentVariables, RuntimeEnvironmentSecrets } = ImageRepository.ImageConfiguration
    return Object.fromEntries([
      ['PORT', Port],
      ...RuntimeEnvironmentVariables.map(({ Name, Value }) => [Name, Value]),
      ...RuntimeEnvironmentSecrets.map(({ Name, Value }) => [Name, secretValue(Value)])
    ])
  }
}

for (const [name, environmentOf] of Object.entries(environments)) {
  for (const [tokens, issued] of Object.entries({ 'a shared secret': {}, 'an issuer': issuer })) {
    for (const UseValkey of ['true', 'false']) {
      t.test(`${name} starts the server with ${tokens} and ${UseValkey === 'true' ? '' : 'no '}Valkey`, async t => {
        const { Resources } = evaluate(readTemplate(name), { ...given, ...issued, UseValkey }, exported)
        const environment = environmentOf(Resources)
        t.strictSame(Object.keys(environment).filter(variable => !(variable in ConfigSchema.properties)), [], 'the server reads every variable')
        t.match(loadConfig(environment), {
          NODE_ENV: 'production',
          PORT: 8080,
          DYNAMODB: 'aws',
          AWS_REGION: 'eu-central-1',
          TABLE_NAME: 'chat-table',
          CLIENT_URL: given.ClientUrl.split(','),
          CURSOR_SECRET: ['c'.repeat(64)],
          WEBHOOK_SECRET: 'w'.repeat(64),
          HOST: '0.0.0.0',
          JWT_SECRET: tokens === 'an issuer' ? undefined : ['j'.repeat(64)],
          JWT_JWKS_URL: tokens === 'an issuer' ? issuer.JwksUrl : undefined,
          REDIS_URL: UseValkey === 'true' ? /^rediss:/ : undefined
        })
      })
    }
  }
}

t.test('callers are told apart behind the proxies of each host, whatever they write into the header themselves', async t => {
  const proxies: Record<string, string[]> = { ecs: ['10.20.3.4'], 'app-runner': ['10.0.1.2', '169.254.172.2', '100.64.7.8', '172.31.9.9', '127.0.0.1'] }
  for (const [name, environmentOf] of Object.entries(environments)) {
    const config = loadConfig(environmentOf(evaluate(readTemplate(name), given, exported).Resources))
    const app = fastify(serverOptions(config, createLogger({ ...config, LOG_LEVEL: 'silent' })))
    app.get('/', async ({ ip }) => ip)
    const from = async (remoteAddress: string, forwarded: string) =>
      (await app.inject({ url: '/', remoteAddress, headers: { 'x-forwarded-for': forwarded } })).body
    for (const proxy of proxies[name]!) {
      t.equal(await from(proxy, '198.51.100.1'), '198.51.100.1', `${name}: ${proxy}`)
      t.equal(await from(proxy, '192.0.2.1, 10.0.0.1, 198.51.100.1'), '198.51.100.1', `${name}: ${proxy}`)
    }
    t.equal(await from('203.0.113.9', '198.51.100.1'), '203.0.113.9', 'nobody else is believed')
  }
})

t.test('a service can be moved to a restored table', async t => {
  const RestoredTableName = 'chat-table-2'
  for (const [name, environmentOf] of Object.entries(environments)) {
    const { Resources } = evaluate(readTemplate(name), { ...given, RestoredTableName }, exported)
    t.equal(loadConfig(environmentOf(Resources)).TABLE_NAME, RestoredTableName)
  }
  const { AccessPolicy } = evaluate(readTemplate('table'), { RestoredTableName }).Resources
  const { Statement } = AccessPolicy!.Properties.PolicyDocument as { Statement: Array<{ Resource: string[] }> }
  for (const { Resource } of Statement) {
    t.ok(Resource.includes('arn:aws:dynamodb:eu-central-1:123456789012:table/chat-table-2'))
    t.ok(Resource.includes('<Table.Arn>'), 'and back')
  }
})

t.test('a service reads the secrets that it is given, and no other', async t => {
  const secretsAllowed = (role: Resource) => {
    const policies = role.Properties.Policies as Array<{ PolicyDocument: { Statement: Array<{ Action: string | string[], Resource: string[] }> } }>
    return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'secretsmanager:GetSecretValue').flatMap(statement => statement.Resource).sort()
  }
  for (const [issued, UseValkey] of [[{}, 'true'], [issuer, 'true'], [{}, 'false'], [issuer, 'false']] as const) {
    const parameters = { ...given, ...issued, UseValkey }
    const ecs = evaluate(readTemplate('ecs'), parameters, exported).Resources
    t.strictSame(secretsAllowed(ecs.ExecutionRole!), containerOf(ecs).Secrets.map(({ ValueFrom }) => ValueFrom).sort())
    const appRunner = evaluate(readTemplate('app-runner'), parameters, exported).Resources
    const { ImageRepository } = appRunner.Service!.Properties.SourceConfiguration as { ImageRepository: { ImageConfiguration: ImageConfiguration } }
    t.strictSame(secretsAllowed(appRunner.InstanceRole!), ImageRepository.ImageConfiguration.RuntimeEnvironmentSecrets.map(({ Value }) => Value).sort())
  }
})

t.test('an image is pulled from its own repository only', async t => {
  const repositories = (role: Resource) => {
    const [policy] = role.Properties.Policies as Array<{ PolicyDocument: { Statement: Array<{ Action: string | string[], Resource: string }> } }>
    return policy!.PolicyDocument.Statement.filter(({ Action }) => Action.includes('ecr:BatchGetImage')).map(statement => statement.Resource)
  }
  const repository = 'arn:aws:ecr:eu-central-1:123456789012:repository/energy/chat'
  const ecs = readTemplate('ecs')
  const digest = given.Image.replace(':1.2.3', `@sha256:${'0'.repeat(64)}`)
  for (const Image of [given.Image, digest]) {
    t.strictSame(repositories(evaluate(ecs, { ...given, Image }, exported).Resources.ExecutionRole!), [repository])
  }
  t.strictSame(repositories(evaluate(readTemplate('app-runner'), given, exported).Resources.AccessRole!), [repository])
})

t.test('timeouts of the hosts suit those of the server', async t => {
  const { Resources } = evaluate(readTemplate('ecs'), given, exported)
  const config = loadConfig(environments.ecs!(Resources))
  const { StopTimeout, PortMappings } = containerOf(Resources)
  const attributes = Resources.LoadBalancer!.Properties.LoadBalancerAttributes as Array<{ Key: string, Value: string }>
  const idle = Number(attributes.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')?.Value) * 1000
  t.ok(idle > defaultHubLimits.heartbeat, 'a heartbeat comes before the load balancer loses patience')
  t.ok(idle < serverOptions(config, createLogger({ LOG_LEVEL: 'silent', NODE_ENV: 'test' })).keepAliveTimeout, 'the load balancer hangs up first')
  t.ok(StopTimeout > config.SHUTDOWN_GRACE_SECONDS, 'the server ends by itself')
  t.strictSame([Resources.TargetGroup!.Properties.Port, ...PortMappings.map(({ ContainerPort }) => ContainerPort)], [config.PORT, config.PORT])
  const appRunner = evaluate(readTemplate('app-runner'), given, exported).Resources
  t.ok(loadConfig(environments['app-runner']!(appRunner)).SSE_MAX_SECONDS < 120, 'a stream ends before App Runner cuts it')
})

t.test('the web app is served with the sign-in that it is given', async t => {
  const web = { ...issuer, OidcClientId: 'chat', OidcOrigins: 'https://login.example', EmbedOrigins: 'https://portal.example' }
  for (const [name, environmentOf] of Object.entries(environments)) {
    const config = (parameters: object) => loadConfig(environmentOf(evaluate(readTemplate(name), { ...given, ...parameters }, exported).Resources))
    t.match(config(web), {
      WEB_APP: 'on', OIDC_AUTHORITY: issuer.JwtIssuer, OIDC_CLIENT_ID: 'chat', OIDC_ORIGINS: ['https://login.example'], EMBED_ORIGINS: ['https://portal.example']
    }, name)
    t.match(config({ ...issuer, WebApp: 'off' }), { WEB_APP: 'off', OIDC_AUTHORITY: undefined, OIDC_CLIENT_ID: undefined }, name)
  }
})

t.test('attachments are kept in the bucket of their stack, which the service may use then', async t => {
  const roles: Record<string, string> = { ecs: 'TaskRole', 'app-runner': 'InstanceRole' }
  for (const [name, environmentOf] of Object.entries(environments)) {
    const { Resources } = evaluate(readTemplate(name), { ...given, UseAttachments: 'true', AttachmentScan: 'tag' }, exported)
    t.match(loadConfig(environmentOf(Resources)), { ATTACHMENTS: 's3://chat-files', ATTACHMENT_SCAN: 'tag' }, name)
    t.strictSame(Resources[roles[name]!]!.Properties.ManagedPolicyArns, ['equilux-chat-table-access', 'equilux-chat-attachments-access'].map(policy => exported[policy]))
    const without = evaluate(readTemplate(name), given, exported).Resources
    t.match(loadConfig(environmentOf(without)), { ATTACHMENTS: 'off', ATTACHMENT_SCAN: 'off' }, name)
    t.strictSame(without[roles[name]!]!.Properties.ManagedPolicyArns, [exported['equilux-chat-table-access']])
  }
})

t.test('trades are counted where that is said, as it is said', async t => {
  for (const [name, environmentOf] of Object.entries(environments)) {
    const config = (parameters: object) => loadConfig(environmentOf(evaluate(readTemplate(name), { ...given, ...parameters }, exported).Resources))
    t.match(config({}), { ANALYTICS: 'off', STATS_K: 5, MARKET_GRANULARITY: 'hour' }, name)
    t.match(config({ Analytics: 'on', StatsK: '20', MarketGranularity: 'day' }), { ANALYTICS: 'on', STATS_K: 20, MARKET_GRANULARITY: 'day' }, name)
  }
})

t.test('only the API, /health, the documents and the web app can be reached from outside', async t => {
  const patterns = (parameters: object) => {
    const { Resources } = evaluate(readTemplate('ecs'), { ...given, ...parameters }, exported)
    t.match(Resources.Listener!.Properties.DefaultActions, [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }])
    const rules = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ElasticLoadBalancingV2::ListenerRule')
    const conditions = rules.flatMap(({ Properties }) => Properties.Conditions as Array<{ PathPatternConfig: { Values: string[] } }>)
    for (const { PathPatternConfig: { Values } } of conditions) t.ok(Values.length <= 5, 'as many as a rule takes')
    return conditions.flatMap(condition => condition.PathPatternConfig.Values)
  }
  const [api, docs] = [['/api/*', '/health'], ['/docs', '/docs/*', '/openapi.json', '/asyncapi.json']]
  const web = [
    '/', '/conversations', '/conversations/*', '/trades', '/analytics', '/settings', '/operator', '/sign-in', '/app-config.json', '/manifest.webmanifest', '/sw.js',
    '/assets/*', '/icons/*'
  ]
  t.strictSame(patterns({}), [...api, ...docs, ...web])
  t.strictSame(patterns({ PublicDocs: 'false' }), [...api, ...web])
  t.strictSame(patterns({ PublicDocs: 'false', WebApp: 'off' }), api)
})

t.test('whatever a stack imports another one exports', async t => {
  const ecs = exportsOf(readTemplate('ecs'), given, exported)
  for (const name of templateNames) t.doesNotThrow(() => evaluate(readTemplate(name), given, { ...exported, ...ecs }), name)
})

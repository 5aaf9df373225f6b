import {
  CreateTableCommand, DescribeTableCommand, ResourceInUseException, ResourceNotFoundException, UpdateTimeToLiveCommand,
  waitUntilTableExists, type CreateTableCommandInput, type DynamoDBClient
} from '@aws-sdk/client-dynamodb'

/** The attribute with the time (seconds since the epoch) after which DynamoDB may delete an item. */
export const ttlAttribute = 'ttl'

/**
 * The one table: two key-only indexes, because an item of this project concerns two users at most.
 * @param tableName its name
 */
export function tableDefinition (tableName: string) {
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const }
  ]
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk']
      .map(AttributeName => ({ AttributeName, AttributeType: 'S' as const })),
    KeySchema: key('pk', 'sk'),
    GlobalSecondaryIndexes: ['gsi1', 'gsi2'].map(IndexName => ({
      IndexName,
      KeySchema: key(`${IndexName}pk`, `${IndexName}sk`),
      Projection: { ProjectionType: 'KEYS_ONLY' as const }
    }))
  } satisfies CreateTableCommandInput
}

/**
 * Creates the table with its time to live, or leaves the one that is there as it is.
 * @returns whether it was created
 */
export async function createTable (client: DynamoDBClient, tableName: string): Promise<boolean> {
  try {
    await client.send(new CreateTableCommand(tableDefinition(tableName)))
  } catch (error) {
    if (error instanceof ResourceInUseException) return false
    throw error
  }
  await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 1 }, { TableName: tableName })
  await client.send(new UpdateTimeToLiveCommand({
    TableName: tableName,
    TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true }
  }))
  return true
}

/** Whether the table is there. */
export async function tableExists (client: DynamoDBClient, tableName: string): Promise<boolean> {
  try {
    await client.send(new DescribeTableCommand({ TableName: tableName }))
    return true
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false
    throw error
  }
}

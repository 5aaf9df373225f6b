import {
  CreateTableCommand, DescribeTableCommand, DescribeTimeToLiveCommand, ResourceInUseException, ResourceNotFoundException, UpdateTimeToLiveCommand,
  waitUntilTableExists, type CreateTableCommandInput, type DynamoDBClient
} from '@aws-sdk/client-dynamodb'
import { listedFields } from './entities/trade-offer.js'

/** The attribute with the time (seconds since the epoch) after which DynamoDB may delete an item. */
export const ttlAttribute = 'ttl'

/**
 * The one table: two indexes, because an item of this project concerns two users at most. They hold keys, and what lists show of offers;
 * of other items nothing is named so.
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
      Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: listedFields }
    }))
  } satisfies CreateTableCommandInput
}

/**
 * Creates the table with its time to live, or leaves the one that is there as it is.
 * @param client better a patient one: some engines take seconds
 * @returns whether it was created
 */
export async function createTable (client: DynamoDBClient, tableName: string): Promise<boolean> {
  try {
    await client.send(new CreateTableCommand(tableDefinition(tableName)))
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error
    // After more than one attempt it is there because of the first, whose answer was lost.
    if ((error.$metadata.attempts ?? 1) === 1) return false
  }
  await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 1 }, { TableName: tableName })
  await enableTimeToLive(client, tableName)
  return true
}

async function enableTimeToLive (client: DynamoDBClient, tableName: string): Promise<void> {
  try {
    await client.send(new UpdateTimeToLiveCommand({
      TableName: tableName,
      TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: true }
    }))
  } catch (error) {
    // It is refused where an attempt whose answer was lost has enabled it.
    const { TimeToLiveDescription: found } = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }))
    const enabled = found?.TimeToLiveStatus === 'ENABLED' || found?.TimeToLiveStatus === 'ENABLING'
    if (!enabled || found.AttributeName !== ttlAttribute) throw error
  }
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

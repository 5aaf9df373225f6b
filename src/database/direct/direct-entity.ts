import type { Answer, DatabaseClient } from '../database-client.js'
import { getAll } from '../get-all.js'
import { compileCodec, type Codec, type Schema } from './codec.js'
import type { Condition } from './conditions.js'
import { Statements } from './statements.js'

type Key = Record<string, string>
/** The keys of one item as an index returns them. */
export type IndexKeys = Readonly<Record<string, string>>
/** Which sort keys of an index: below or above that of some values, from it on, or those that begin with it. */
export type Range<Item> = { below: Partial<Item> } | { above: Partial<Item> } | { from: Partial<Item> } | { begin: Partial<Item> }
/** A write of a transaction, as DynamoDB wants it. */
export type Write = { Put: object } | { Update: object } | { Delete: object } | { ConditionCheck: object }

/** How many items a batch may read. */
const batchSize = 100
const comparisons = {
  below: (field: string) => `${field} < :sk`,
  above: (field: string) => `${field} > :sk`,
  from: (field: string) => `${field} >= :sk`,
  begin: (field: string) => `begins_with(${field}, :sk)`
}
const refusal = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }

/**
 * An entity of ElectroDB on a short way to the database, for what requests do all the time: the same items under the same keys, at a
 * fraction of the time (a transaction of two writes 20 µs instead of 200, an item read 1 instead of 12). What is written isn't checked.
 */
export class DirectEntity<Item extends object, KeyName extends keyof Item> {
  readonly #codec: Codec
  readonly #statements: Statements<Item>

  constructor (private readonly client: DatabaseClient, private readonly table: string, { schema }: { schema: unknown }) {
    this.#codec = compileCodec(schema as Schema)
    this.#statements = new Statements(this.#codec)
  }

  async get (key: Pick<Item, KeyName>, { consistent }: { consistent: boolean }): Promise<Item | undefined> {
    const { Item: item } = await this.client.call('GetItem', { TableName: this.table, Key: this.#codec.keyOf(key as never), ConsistentRead: consistent })
    return item === undefined ? undefined : this.load(item as object)
  }

  /**
   * Reads every item that is there, in any order; none of the keys may come twice.
   * @throws ProblemError database_unavailable
   */
  async getAll (keys: ReadonlyArray<Pick<Item, KeyName>>, { consistent }: { consistent: boolean }): Promise<Item[]> {
    return await getAll(async left => await this.#getSome(left, consistent), keys.map(key => this.#codec.keyOf(key as never)))
  }

  async #getSome (keys: Key[], consistent: boolean) {
    const found: { data: Item[], unprocessed: Key[] } = { data: [], unprocessed: [] }
    for (let start = 0; start < keys.length; start += batchSize) {
      const answer = await this.client.call('BatchGetItem', {
        RequestItems: { [this.table]: { Keys: keys.slice(start, start + batchSize), ConsistentRead: consistent } }
      }) as Answer & { Responses?: Record<string, object[]>, UnprocessedKeys?: Record<string, { Keys?: Key[] }> }
      for (const item of answer.Responses?.[this.table] ?? []) found.data.push(this.load(item))
      found.unprocessed.push(...answer.UnprocessedKeys?.[this.table]?.Keys ?? [])
    }
    return found
  }

  /**
   * Reads items from one key to another, both included, strongly consistent unless told otherwise.
   * @param first and `last` have the same partition key
   * @returns at most `limit` items, and whether there may be more
   */
  async between (first: Pick<Item, KeyName>, last: Pick<Item, KeyName>, { limit, order, consistent = true }: {
    limit: number, order: 'asc' | 'desc', consistent?: boolean
  }): Promise<{ items: Item[], more: boolean }> {
    const [from, to] = [first, last].map(key => this.#codec.keyOf(key as never)) as [Key, Key]
    const { Items: items = [], LastEvaluatedKey: end } = await this.client.call('Query', {
      TableName: this.table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': from.pk, ':from': from.sk, ':to': to.sk },
      ConsistentRead: consistent,
      ScanIndexForward: order === 'asc',
      Limit: limit
    }) as Answer & { Items?: object[], LastEvaluatedKey?: object }
    return { items: items.map(item => this.load(item)), more: end !== undefined }
  }

  /**
   * Reads one page of an index: half a request unit for every 4 KB of what it holds, whatever the items weigh.
   * @param name that the entity has for it
   * @param partition the values of its partition key
   * @returns at most `limit` items as the index holds them, with their names in the table, and whether there may be more
   */
  async readIndex<Indexed = IndexKeys> (name: string, partition: Partial<Item>, { limit, order, range, after }: {
    limit: number, order: 'asc' | 'desc', range?: Range<Item>, after?: IndexKeys
  }): Promise<{ items: Indexed[], more: boolean }> {
    const { name: index, pk, sk } = this.#codec.indexes[name]!
    const [[kind, values] = []] = Object.entries(range ?? {})
    const { Items: items = [], LastEvaluatedKey: end } = await this.client.call('Query', {
      TableName: this.table,
      IndexName: index,
      KeyConditionExpression: `${pk.field} = :pk${kind === undefined ? '' : ` AND ${comparisons[kind as keyof typeof comparisons](sk.field)}`}`,
      ExpressionAttributeValues: { ':pk': pk.of(partition as never), ...(values && { ':sk': sk.beginningOf(values as never) }) },
      ExclusiveStartKey: after,
      ScanIndexForward: order === 'asc',
      Limit: limit
    }) as Answer & { Items?: Indexed[], LastEvaluatedKey?: object }
    return { items, more: end !== undefined }
  }

  /** Puts a whole item. */
  put (item: Item, condition?: Condition<Item>): { Put: object } {
    return { Put: { TableName: this.table, Item: this.#codec.store(item as never), ...(condition && { ...this.#statements.condition(condition), ...refusal }) } }
  }

  /** Removes an item; without a condition also one that isn't there. */
  remove (key: Pick<Item, KeyName>, condition?: Condition<Item>): { Delete: object } {
    return { Delete: { TableName: this.table, Key: this.#codec.keyOf(key as never), ...(condition && { ...this.#statements.condition(condition), ...refusal }) } }
  }

  /** Changes nothing, but for the other writes of its transaction: they are made only if the condition holds. */
  check (key: Pick<Item, KeyName>, condition: Condition<Item>): { ConditionCheck: object } {
    return { ConditionCheck: { TableName: this.table, Key: this.#codec.keyOf(key as never), ...this.#statements.condition(condition), ...refusal } }
  }

  /**
   * Sets values of an item, which comes to be where there is none.
   * @param once values that stay as they are where there are some
   */
  upsert (item: Pick<Item, KeyName> & Partial<Item>, once: Partial<Item> = {}) {
    const key = this.#codec.keyOf(item as never)
    const parts: string[] = []
    const [names, values]: [Record<string, string>, Record<string, unknown>] = [{}, {}]
    for (const [stored, write] of [[this.#codec.store(item as never), 'to'], [this.#codec.storeChange(item as never, once as never), 'once']] as const) {
      for (const [field, value] of Object.entries(stored)) {
        if (field in key) continue
        names[`#${field}`] = field
        values[`:${field}`] = value
        parts.push(write === 'to' ? `#${field} = :${field}` : `#${field} = if_not_exists(#${field}, :${field})`)
      }
    }
    return {
      Update: {
        TableName: this.table,
        Key: key,
        UpdateExpression: `SET ${parts.join(', ')}`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values
      }
    }
  }

  /**
   * Counts one more of an item, which comes to be where there is none.
   * @param counter the name of what is counted
   * @param most it isn't counted where there are as many
   */
  count (item: Pick<Item, KeyName> & Partial<Item>, counter: keyof Item & string, most: number): { Update: object } {
    const { Update: { UpdateExpression: expression, ExpressionAttributeNames: names, ExpressionAttributeValues: values, ...update } } = this.upsert(item)
    return {
      Update: {
        ...update,
        UpdateExpression: `${expression} ADD #counter :one`,
        ConditionExpression: 'attribute_not_exists(#counter) OR #counter < :most',
        ExpressionAttributeNames: { ...names, '#counter': this.#codec.fieldOf(counter) },
        ExpressionAttributeValues: { ...values, ':one': 1, ':most': most },
        ...refusal
      }
    }
  }

  /**
   * Adds to an item, which comes to be where there is none: to numbers, and members to sets.
   * @param amounts by name
   */
  add (key: Pick<Item, KeyName> & Partial<Item>, amounts: { [Name in keyof Item]?: Item[Name] extends number | undefined ? number : ReadonlySet<number> }): { Update: object } {
    const { Update: { UpdateExpression: expression, ExpressionAttributeNames: names, ExpressionAttributeValues: values, ...update } } = this.upsert(key)
    const parts: string[] = []
    for (const [name, amount] of Object.entries(amounts)) {
      names[`#add_${name}`] = this.#codec.fieldOf(name)
      values[`:add_${name}`] = amount
      parts.push(`#add_${name} :add_${name}`)
    }
    return {
      Update: {
        ...update, UpdateExpression: `${expression} ADD ${parts.join(', ')}`, ExpressionAttributeNames: names, ExpressionAttributeValues: values
      }
    }
  }

  /**
   * Changes some values of an item that is there.
   * @param without names of values that it loses; none that keys depend on
   */
  update (key: Pick<Item, KeyName>, change: Partial<Item>, condition: Condition<Item>, without: ReadonlyArray<keyof Item & string> = []): { Update: object } {
    return {
      Update: {
        TableName: this.table,
        Key: this.#codec.keyOf(key as never),
        ...this.#statements.update(this.#codec.storeChange(key as never, change as never), condition, without),
        ...refusal
      }
    }
  }

  /**
   * Makes a change by itself.
   * @returns the item after it
   * @throws ConditionalCheckFailedException with the item as it is
   */
  async change (key: Pick<Item, KeyName>, change: Partial<Item>, condition: Condition<Item>): Promise<Item> {
    const { Attributes: item } = await this.client.call('UpdateItem', { ...this.update(key, change, condition).Update, ReturnValues: 'ALL_NEW' })
    return this.load(item as object)
  }

  /** The values that a stored item holds. */
  load (item: object): Item {
    return this.#codec.load(item as never) as Item
  }
}

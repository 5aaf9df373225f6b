import type { Direct } from '../../database/direct/index.js'
import type { Clock } from '../../shared/clock.js'
import type { ObjectStore } from '../../storage/object-store.js'
import type { MayWrite } from '../contact/may-write.js'
import { createCheck } from './check.js'
import { createEnclose, type Enclose } from './enclose.js'
import type { Inspections } from './inspections.js'
import { createGetAttachment, type GetAttachment } from './get.js'
import { createMake, type Make } from './make.js'
import { createCountOneMore } from './quota.js'

/** Files that users send each other. */
export interface Attachments {
  make: Make
  get: GetAttachment
  enclose: Enclose
}

/**
 * @param options.announced is told how large each one is that is announced, in bytes
 * @param options.maxMebibytes how large a file may be
 */
export function createAttachments ({ direct, storage, inspections, mayWrite, announced, maxMebibytes, clock }: {
  direct: Direct, storage: ObjectStore, inspections: Inspections, mayWrite: MayWrite, announced: (bytes: number) => void, maxMebibytes: number, clock: Clock
}): Attachments {
  return {
    make: createMake({ direct, storage, mayWrite, countOneMore: createCountOneMore(direct), announced, maxMebibytes, clock }),
    get: createGetAttachment({ direct, storage, inspect: inspections.beforeDownload, clock }),
    enclose: createEnclose({ direct, storage, check: createCheck(storage, inspections.beforeBinding), clock })
  }
}

import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { contentDisposition } from '../content-disposition.js'
import type { ObjectStore, ObjectTerms, SignedUpload } from '../object-store.js'
import { uploadHeaders } from '../upload-headers.js'

/** Until when a URL is good, and what time it is, in ms since the epoch. */
export interface Term {
  expiresAt: number
  now: number
}

/** Where an object may be put: exactly its bytes, and only where nothing is. */
export async function signUpload (client: S3Client, bucket: string, object: ObjectTerms, term: Term): Promise<SignedUpload> {
  const headers = uploadHeaders(object)
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: object.key,
    ContentLength: object.size,
    ContentType: object.mediaType,
    ChecksumSHA256: object.sha256,
    IfNoneMatch: headers['if-none-match'],
    Tagging: headers['x-amz-tagging']
  })
  // Left alone, the signer leaves the media type unsigned and moves what is S3's own into the URL, where nobody has to send it.
  const signed = new Set([...Object.keys(headers), 'content-length'])
  const url = await getSignedUrl(client, command, { ...signingTimes(term), signableHeaders: signed, unhoistableHeaders: signed })
  return { url, headers }
}

/** Where an object may be got, to be saved under a name. */
export async function signDownload (
  client: S3Client, bucket: string, { key, fileName, mediaType }: Parameters<ObjectStore['signDownload']>[0], term: Term
): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ResponseContentDisposition: contentDisposition(fileName),
    ResponseContentType: mediaType,
    ResponseCacheControl: 'private'
  })
  return await getSignedUrl(client, command, signingTimes(term))
}

function signingTimes ({ expiresAt, now }: Term) {
  return { signingDate: new Date(now), expiresIn: Math.floor((expiresAt - now) / 1000) }
}

import type { MessageAttachment } from 'equilux-chat-client'
import { useEffect, useState } from 'react'
import { useBytes } from '../use-bytes.js'
import type { Fault } from '../fault.js'
import { readProfile, type Profile } from './read-profile.js'

/** The load profile in a CSV, once it was fetched and if it is one. @param isWanted whether it is to be fetched */
export function useProfile (attachment: MessageAttachment, isWanted: boolean): { profile?: Profile, fault?: Fault } {
  const { blob, error } = useBytes(attachment, isWanted)
  const [profile, setProfile] = useState<Profile>()
  useEffect(() => {
    if (blob === undefined) return
    let isCurrent = true
    blob.text().then(csv => { if (isCurrent) setProfile(readProfile(csv)) }, reportError)
    return () => { isCurrent = false }
  }, [blob])
  return { profile, fault: error }
}

const finalText = 0x81

/** The longest payload that each form of the length field can tell, in bytes. */
const [longestShort, longestMedium] = [125, 0xffff]

/**
 * A WebSocket's data frame with a whole text, unmasked, as a server sends it (RFC 6455 section 5.2).
 * @returns the bytes of the frame, header and payload in one piece
 */
export function textFrame (text: string): Buffer {
  const length = Buffer.byteLength(text)
  const headerLength = length <= longestShort ? 2 : length <= longestMedium ? 4 : 10
  const frame = Buffer.allocUnsafe(headerLength + length)
  frame[0] = finalText
  if (headerLength === 2) {
    frame[1] = length
  } else if (headerLength === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  frame.write(text, headerLength)
  return frame
}

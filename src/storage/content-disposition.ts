/**
 * Has whoever gets a file save it under a name, whatever it is (RFC 6266).
 * @param fileName well-formed Unicode
 * @returns a header's value in ASCII: the name as it is (RFC 8187), and nearly so for who can't read that
 */
export function contentDisposition (fileName: string): string {
  // A percent sign is left out as well, since some take it for the beginning of a byte.
  const nearly = fileName.replace(/[^\x20-\x7e]/gu, '_').replace(/["\\%]/g, '_')
  const exactly = encodeURIComponent(fileName).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${nearly}"; filename*=UTF-8''${exactly}`
}

/** Why a picture was not taken, as a value and in words. */

export type PictureFault =
  /** The address was refused, or led nowhere; `reason` goes on from "the picture's address". */
  | { kind: 'bad_address'; reason: string }
  | { kind: 'bad_status'; status: number }
  /** What holds the picture has none under that number, or is gone. */
  | { kind: 'missing' }
  | { kind: 'empty' }
  /** By its first bytes not a PNG, JPEG, WebP, GIF or AVIF. */
  | { kind: 'not_a_picture' }
  | { kind: 'too_large'; bytesMax: number }
  /** It ended before its sender's word, its format or its frame says that it may. */
  | { kind: 'cut_off' }
  | { kind: 'not_base64' }
  /** The connection failed, or was aborted, under way. */
  | { kind: 'broken_off' }

/** One sentence without its full stop, fit for a message to clients. */
export function describePictureFault(fault: PictureFault): string {
  switch (fault.kind) {
    case 'bad_address':
      return `the picture's address ${fault.reason}`
    case 'bad_status':
      return `the picture's address answered HTTP ${fault.status}`
    case 'missing':
      return 'the picture is no longer where it was kept'
    case 'empty':
      return 'the picture is empty'
    case 'not_a_picture':
      return 'what came is not a PNG, JPEG, WebP, GIF or AVIF picture'
    case 'too_large':
      return `the picture is larger than ${fault.bytesMax} bytes`
    case 'cut_off':
      return 'the picture is cut off'
    case 'not_base64':
      return 'the picture is not valid base64'
    case 'broken_off':
      return 'the download broke off'
  }
}

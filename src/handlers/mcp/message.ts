/**
 * The message that a request to the MCP endpoint carries: one, read as strictly as a body of `/v1`.
 *
 * The protocol has had no batches since 2025-06-18, and one request should not hold a hundred calls.
 */
import { ProtocolErrorCode } from '@modelcontextprotocol/server'
import { duplicateName } from '../../core/duplicate-name'
import { type Result, refuse, success } from '../../core/result'
import { ERRORS, type ErrorCode } from '../../wire/error'
import { parseJson, readJsonText } from '../endpoint/body'
import { ApiError } from '../errors'

/** Room for an upload as base64. */
const BODY_BYTES_MAX = 4 * 1024 * 1024

/** The message, or an answer that says what is wrong with the body. */
export async function readMessage(request: Request): Promise<Result<unknown, Response>> {
  try {
    const text = await readJsonText(request, BODY_BYTES_MAX)
    const message = parseJson(text)
    if (Array.isArray(message)) return notOne('Send one message a request: there are no batches.')
    const twice = duplicateName(text)
    if (twice !== null) return notOne(`The name "${twice}" stands twice in one object.`)
    return success(message)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const reason: ErrorCode = error.code
    const { status } = ERRORS[reason]
    const code = status === 400 ? ProtocolErrorCode.ParseError : ProtocolErrorCode.InvalidRequest
    return refuse(fault(status, code, error.message))
  }
}

function notOne(reason: string): Result<never, Response> {
  return refuse(fault(400, ProtocolErrorCode.InvalidRequest, reason))
}

/** Whose message can't be read can't be answered by its id. */
function fault(status: number, code: ProtocolErrorCode, message: string): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id: null }, { status })
}

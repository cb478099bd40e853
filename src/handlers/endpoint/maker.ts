/**
 * A request that makes a task, in one trip to the database.
 *
 * A revoked key stops working at once, and changed limits hold at once, so every request asks the
 * database for its key. One that makes a task is handled first for the key as this isolate remembers it:
 * the insert confirms the key, in the same transaction, or writes nothing.
 *
 * Invariant: no answer of any kind is given to a key that the database did not confirm in that same
 * request, and nothing else is written for one. What came of a try that confirmed nothing is thrown away,
 * be it a refusal, and the request is handled again for the key that a look-up finds.
 */
import { type Client, UnconfirmedKey } from '../../flow/accept'
import { authenticate, recallMaker } from '../auth'
import type { AppContext } from '../context'
import { isApiError } from '../errors'

/**
 * @param handle may be called twice; it writes nothing but a task, by `accept`
 * @throws ApiError 401, 403, and what `handle` throws
 */
export async function handleForMaker<Outcome>(
  c: AppContext,
  handle: (maker: Client) => Promise<Outcome>,
): Promise<Outcome> {
  const remembered = await recallMaker(c)
  if (remembered) {
    const isConfirmed = () => remembered.assumption?.isConfirmed
    try {
      const outcome = await handle(remembered)
      if (isConfirmed()) return outcome
    } catch (error) {
      if (isConfirmed()) throw error
      // After any other fault the task may be there although its insert seemed to fail: no second one is made.
      if (!isApiError(error) && !(error instanceof UnconfirmedKey)) {
        await authenticate(c, 'maker')
        throw error
      }
    }
  }
  return handle(await authenticate(c, 'maker'))
}

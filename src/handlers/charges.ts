/** `POST /v1/attempts/{id}/charge`: the operator settles a charge that nobody knew. */
import * as z from 'zod'
import { settleCharge as settle } from '../flow/settle-charge'
import { chargeSchema } from '../wire/charge'
import { taskSchema } from '../wire/task'
import { json } from './endpoint/answer'
import { jsonBody } from './endpoint/body'
import { endpoint } from './endpoint/endpoint'
import { invalid } from './errors'
import { refused } from './refusals'
import { ATTEMPT_ID, unknownTask } from './tasks/examples'
import { showTask } from './tasks/show'

const params = z.object({
  id: z.string().meta({
    description: 'The id of an attempt, from `attempts` of its task.',
    examples: [ATTEMPT_ID],
  }),
})

export const settleCharge = endpoint({
  id: 'settleCharge',
  method: 'post',
  path: '/v1/attempts/{id}/charge',
  tag: 'Money',
  summary: 'Settle an unknown charge',
  description:
    "Records what the provider's dashboard says of an attempt that is over and whose charge is `unknown`, once. The cost of the task, the usage and the key's spend limits follow; its status stays.",
  access: 'admin',
  params,
  body: jsonBody(chargeSchema),
  answers: {
    200: json(taskSchema, 'The task, its charge settled.', {
      ...unknownTask,
      cost: { credits: 10, usd: null, charged: 'yes' },
      attempts: unknownTask.attempts.map((attempt) => ({ ...attempt, charged: 'yes' as const })),
    }),
  },
  errors: ['not_found', 'charge_known'],
  examples: [{ title: 'It was charged', body: { charged: 'yes', credits: 10 } }],
}).handle(async ({ ports, caller, params: { id }, body: { charged, credits } }) => {
  if (charged === 'no' && credits !== undefined)
    return invalid('credits', 'credits goes with "charged": "yes" only.')
  const settled = await settle(ports, id, { charged, credits: credits ?? null })
  if (!settled.ok) return refused(settled.refusal)
  return { status: 200, body: await showTask(ports, caller, settled.value) }
})

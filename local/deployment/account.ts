/** Whose account it is: the login, the choice among several, and the name under workers.dev. */

import { readSubdomain, registerSubdomain } from './cloudflare-api.ts'
import type { DeploymentFolder } from './folder.ts'
import type { Questions } from './questions.ts'
import { Obstacle } from './steps.ts'
import { logIn, obstacleOf, WranglerError, wrangler } from './wrangler.ts'

interface Account {
  id: string
  name: string
}

const SUBDOMAIN_PATTERN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Logs in where nobody is, settles on an account, and has every later call of wrangler use it.
 *
 * @throws Obstacle
 */
export async function chooseAccount(
  folder: DeploymentFolder,
  questions: Questions,
): Promise<Account> {
  const accounts = await readAccounts()
  const { accountId: before } = await folder.readDeployment()
  const wanted = process.env.CLOUDFLARE_ACCOUNT_ID ?? before
  // A token of the account itself may not be allowed to list any.
  const account = wanted
    ? accounts.length > 0
      ? accounts.find(({ id }) => id === wanted)
      : { id: wanted, name: 'of this token' }
    : ((accounts.length === 1 ? accounts[0] : null) ?? (await askWhich(accounts, questions)))
  if (!account) {
    throw new Obstacle(
      wanted
        ? `This login cannot reach the account ${wanted}, to which this deployment belongs.`
        : `This login reaches ${accounts.length} accounts: ${accounts.map(nameOf).join(', ')}.`,
      wanted
        ? `Log in as somebody who can, or remove ${folder.path} to begin a new deployment.`
        : 'Set CLOUDFLARE_ACCOUNT_ID to the one that you mean.',
    )
  }
  await folder.updateDeployment({ accountId: account.id })
  process.env.CLOUDFLARE_ACCOUNT_ID = account.id
  return account
}

/** The account's address under workers.dev, registered if it has none. @throws Obstacle */
export async function settleSubdomain(accountId: string, questions: Questions): Promise<string> {
  const known = await readSubdomain(accountId)
  if (known) return known
  for (;;) {
    const name = await questions.ask('A name for this account under workers.dev, such as "ann":')
    if (!name) {
      throw new Obstacle(
        'This account has no name under workers.dev yet.',
        'Run this in a terminal to choose one, or open Workers in the dashboard once.',
      )
    }
    if (!SUBDOMAIN_PATTERN.test(name)) console.log('      Small letters, digits and hyphens only.')
    else if (await registerSubdomain(accountId, name)) return name
    else console.log(`      ${name}.workers.dev belongs to somebody else; choose another.`)
  }
}

async function readAccounts(): Promise<Account[]> {
  const first = await whoAmI()
  if (first) return first
  if (!process.stdin.isTTY) {
    throw new Obstacle(
      'Nobody is logged in to Cloudflare.',
      'Run `npx wrangler login` in a terminal, or set CLOUDFLARE_API_TOKEN.',
    )
  }
  await logIn()
  return (await whoAmI()) ?? []
}

/** Null when nobody is logged in. */
async function whoAmI(): Promise<Account[] | null> {
  try {
    const answer = JSON.parse(await wrangler(['whoami', '--json'])) as { accounts?: Account[] }
    return answer.accounts ?? []
  } catch (error) {
    // Without a code it is not Cloudflare that refuses: nobody is logged in.
    if (error instanceof WranglerError && error.code === null) return null
    throw obstacleOf('Asking who is logged in', error)
  }
}

async function askWhich(accounts: Account[], questions: Questions): Promise<Account | undefined> {
  for (const [index, account] of accounts.entries())
    console.log(`      ${index + 1} ${nameOf(account)}`)
  const answer = accounts.length > 0 ? await questions.ask('Which account? Its number:') : null
  return accounts[Number(answer) - 1]
}

function nameOf({ id, name }: Account): string {
  return `${name} (${id})`
}

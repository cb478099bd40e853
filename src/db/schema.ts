/**
 * The tables. Migrations in `migrations/` are generated from this file (`npm run db:generate`).
 *
 * Few indexes, and partial ones where possible: every index that a write touches is a row
 * written. For the same reason whatever belongs to a task stands under its task's id, in tables that
 * their migrations make WITHOUT ROWID, which the tool can't say: there the primary key costs no row of its
 * own. Times are milliseconds since the epoch.
 */
import { sql } from 'drizzle-orm'
import {
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import type { AnnouncementType } from '../core/announcement'
import type { AttemptFailure, AttemptStatus, Charged } from '../core/attempt'
import type { Candidate, Model, ProviderId, TaskRequest } from '../core/request'
import { HAND_OUT_INTERVAL_MS } from '../core/schedule'
import type { TaskFailure, TaskStatus } from '../core/task'
import type { UsageEntry } from '../core/usage'

/**
 * Client keys: only a hash of the key itself is kept.
 *
 * `keyHash` and `webhookSecret` are the current ones. Those that a rotation replaced stand in
 * `keyHashes` and `webhookSecrets`; the columns `previous…` hold the newest of them once more, for the
 * release before those tables, which may still run while this one is deployed.
 */
export const keys = sqliteTable(
  'keys',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    keyHash: text('key_hash').notNull().unique(),
    webhookSecret: text('webhook_secret').notNull(),
    createdAt: integer('created_at').notNull(),
    revokedAt: integer('revoked_at'),
    previousKeyHash: text('previous_key_hash'),
    previousKeyUntil: integer('previous_key_until'),
    previousWebhookSecret: text('previous_webhook_secret'),
    previousWebhookSecretUntil: integer('previous_webhook_secret_until'),
    rateLimitPerMinute: integer('rate_limit_per_minute'),
    dailyUsdLimit: real('daily_usd_limit'),
    totalUsdLimit: real('total_usd_limit'),
    /** The most that a task made through MCP may cost; null without a cap. */
    mcpMaxUsd: real('mcp_max_usd'),
    /** The minute that is being counted, from its first task on. */
    windowStartedAt: integer('window_started_at').notNull().default(0),
    windowTasks: integer('window_tasks').notNull().default(0),
    /** Reserved or charged on `day` (days since the epoch, UTC) and altogether. */
    day: integer('day').notNull().default(0),
    dayUsd: real('day_usd').notNull().default(0),
    totalUsd: real('total_usd').notNull().default(0),
    /** To within a few minutes. */
    lastUsedAt: integer('last_used_at'),
  },
  (table) => [
    uniqueIndex('keys_previous')
      .on(table.previousKeyHash)
      .where(sql`previous_key_hash is not null`),
  ],
)

/** Every hash by which a key is found, until its end; null: the current one. */
export const keyHashes = sqliteTable(
  'key_hashes',
  {
    value: text('hash').primaryKey(),
    keyId: text('key_id').notNull(),
    endsAt: integer('ends_at'),
  },
  (table) => [index('key_hashes_key').on(table.keyId)],
)

/** Every secret that signs the webhooks of a key's tasks, until its end; null: the current one. */
export const webhookSecrets = sqliteTable(
  'webhook_secrets',
  {
    value: text('secret').primaryKey(),
    keyId: text('key_id').notNull(),
    endsAt: integer('ends_at'),
  },
  (table) => [index('webhook_secrets_key').on(table.keyId)],
)

export const tasks = sqliteTable(
  'tasks',
  {
    id: text('id').primaryKey(),
    keyId: text('key_id').notNull(),
    status: text('status').$type<TaskStatus>().notNull(),
    version: integer('version').notNull(),
    request: text('request', { mode: 'json' }).$type<TaskRequest>().notNull(),
    candidates: text('candidates', { mode: 'json' }).$type<Candidate[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    deadlineAt: integer('deadline_at').notNull(),
    completedAt: integer('completed_at'),
    dueAt: integer('due_at'),
    /** For releases that took the pace of the cron from here. */
    dueIntervalMs: integer('due_interval_ms')
      .notNull()
      .$default(() => HAND_OUT_INTERVAL_MS),
    error: text('error', { mode: 'json' }).$type<TaskFailure>(),
    idempotencyKey: text('idempotency_key'),
    /** Hash of the request that used the idempotency key. */
    fingerprint: text('fingerprint'),
    /** Dollars held against the key's spend limits; null for a key without any. */
    reservedUsd: real('reserved_usd'),
    /** When the client deleted it; the row stays for the ledger. */
    deletedAt: integer('deleted_at'),
  },
  (table) => [
    index('tasks_key').on(table.keyId, table.id),
    index('tasks_due').on(table.dueAt).where(sql`due_at is not null`),
    uniqueIndex('tasks_idempotency')
      .on(table.keyId, table.idempotencyKey)
      .where(sql`idempotency_key is not null`),
  ],
)

/** The ledger: one row for every submission that was ever made, paid or not. */
export const attempts = sqliteTable(
  'attempts',
  {
    /** Tells its task's id; see `core/attempt-id.ts`. */
    id: text('id').notNull(),
    taskId: text('task_id').notNull(),
    provider: text('provider').$type<ProviderId>().notNull(),
    model: text('model').$type<Model>().notNull(),
    candidate: integer('candidate').notNull(),
    indexes: text('indexes', { mode: 'json' }).$type<number[]>().notNull(),
    status: text('status').$type<AttemptStatus>().notNull(),
    /** The job, once the provider said that it is this attempt's. */
    reference: text('reference'),
    /** The job to look up while it is not sure: claimed, or denied by its provider. */
    hint: text('hint'),
    isSynchronous: integer('is_synchronous', { mode: 'boolean' }).notNull().default(false),
    awaitsCallback: integer('awaits_callback', { mode: 'boolean' }).notNull(),
    /** It is not looked up before this time. */
    lookUpAt: integer('look_up_at').notNull().default(0),
    misses: integer('misses').notNull(),
    credits: real('credits'),
    usd: real('usd'),
    charged: text('charged').$type<Charged>().notNull(),
    failure: text('failure', { mode: 'json' }).$type<AttemptFailure>(),
    startedAt: integer('started_at').notNull(),
    leaseUntil: integer('lease_until').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.taskId, table.id] }),
    index('attempts_ended').on(table.provider, table.endedAt).where(sql`ended_at is not null`),
    uniqueIndex('attempts_reference')
      .on(table.provider, table.reference)
      .where(sql`reference is not null`),
    // Only what is over: no write of a task that goes well touches it.
    index('attempts_unknown')
      .on(table.taskId)
      .where(sql`charged = 'unknown' and ended_at is not null`),
    // Only those of releases whose ids did not tell the task.
    index('attempts_old_id').on(table.id).where(sql`length(id) = 36`),
  ],
)

export const outputs = sqliteTable(
  'outputs',
  {
    taskId: text('task_id').notNull(),
    index: integer('index').notNull(),
    attemptId: text('attempt_id').notNull(),
    sourceUrl: text('source_url'),
    faults: integer('faults').notNull(),
    lastFault: text('last_fault'),
    retryAt: integer('retry_at').notNull(),
    contentType: text('content_type'),
    bytes: integer('bytes'),
    width: integer('width'),
    height: integer('height'),
    sha256: text('sha256'),
    contentCredentials: integer('content_credentials', { mode: 'boolean' })
      .notNull()
      .default(false),
    sizeMismatch: integer('size_mismatch', { mode: 'boolean' }).notNull().default(false),
    storedAt: integer('stored_at'),
  },
  (table) => [primaryKey({ columns: [table.taskId, table.index] })],
)

/**
 * The sums of the ledger, a row for each key, day, provider and kind of charge.
 *
 * Each write of an attempt changes them too, so that nobody has to read the ledger to add it up.
 */
export const usage = sqliteTable(
  'usage',
  {
    keyId: text('key_id').notNull(),
    /** Days since the epoch, in UTC. */
    day: integer('day').notNull(),
    provider: text('provider').$type<ProviderId>().notNull(),
    charged: text('charged').$type<UsageEntry['charged']>().notNull(),
    attempts: integer('attempts').notNull(),
    images: integer('images').notNull(),
    credits: real('credits').notNull(),
    creditsKnown: integer('credits_known').notNull(),
    usd: real('usd').notNull(),
    usdKnown: integer('usd_known').notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.day, table.provider, table.charged] })],
)

/**
 * The webhook outbox: a row is written by the same batch that makes its event true.
 *
 * A delivery has a due time of its own, because its tries go on for a day after its task is over.
 */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: text('id').notNull(),
    taskId: text('task_id').notNull(),
    taskVersion: integer('task_version').notNull(),
    event: text('event').$type<AnnouncementType>().notNull(),
    createdAt: integer('created_at').notNull(),
    tries: integer('tries').notNull().default(0),
    /** When the next try is due; null once delivered or given up. */
    nextTryAt: integer('next_try_at'),
    deliveredAt: integer('delivered_at'),
    /** What came of the last try. */
    triedAt: integer('tried_at'),
    responseStatus: integer('response_status'),
    fault: text('fault'),
  },
  (table) => [
    primaryKey({ columns: [table.taskId, table.taskVersion] }),
    index('deliveries_due').on(table.nextTryAt).where(sql`next_try_at is not null`),
  ],
)

/** Moments that all isolates share, each under a name of its own. */
export const moments = sqliteTable('moments', {
  name: text('name').primaryKey(),
  at: integer('at').notNull(),
})

/** What the gateway has learned of itself; one row. */
export const gateway = sqliteTable('gateway', {
  id: integer('id').primaryKey(),
  publicUrl: text('public_url').notNull(),
})

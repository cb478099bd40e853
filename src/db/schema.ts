/**
 * The tables. Migrations in `migrations/` are generated from this file (`npm run db:generate`).
 *
 * Few indexes, and partial ones where possible: every index that a write touches is a row
 * written. Times are milliseconds since the epoch.
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
import type {
  AttemptFailure,
  AttemptStatus,
  Candidate,
  Charged,
  Model,
  ProviderId,
  TaskFailure,
  TaskRequest,
  TaskStatus,
} from '../core/task'

/** Client keys: only a hash of the key itself is kept. */
export const keys = sqliteTable('keys', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  keyHash: text('key_hash').notNull().unique(),
  webhookSecret: text('webhook_secret').notNull(),
  createdAt: integer('created_at').notNull(),
  revokedAt: integer('revoked_at'),
})

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
    dueIntervalMs: integer('due_interval_ms').notNull(),
    error: text('error', { mode: 'json' }).$type<TaskFailure>(),
    idempotencyKey: text('idempotency_key'),
    /** Hash of the request that used the idempotency key. */
    fingerprint: text('fingerprint'),
  },
  (table) => [
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
    id: text('id').primaryKey(),
    taskId: text('task_id').notNull(),
    provider: text('provider').$type<ProviderId>().notNull(),
    model: text('model').$type<Model>().notNull(),
    candidate: integer('candidate').notNull(),
    indexes: text('indexes', { mode: 'json' }).$type<number[]>().notNull(),
    status: text('status').$type<AttemptStatus>().notNull(),
    reference: text('reference'),
    hint: text('hint'),
    awaitsCallback: integer('awaits_callback', { mode: 'boolean' }).notNull(),
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
    index('attempts_task').on(table.taskId),
    index('attempts_ended').on(table.provider, table.endedAt).where(sql`ended_at is not null`),
    uniqueIndex('attempts_reference')
      .on(table.provider, table.reference)
      .where(sql`reference is not null`),
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
    storedAt: integer('stored_at'),
  },
  (table) => [primaryKey({ columns: [table.taskId, table.index] })],
)

/** The webhook outbox: a row is written by the same batch that makes its event true. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: text('id').primaryKey(),
    taskId: text('task_id').notNull(),
    taskVersion: integer('task_version').notNull(),
    event: text('event').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [uniqueIndex('deliveries_task').on(table.taskId, table.taskVersion)],
)

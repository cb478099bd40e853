-- Whatever belongs to a task is kept in the order of its id, WITHOUT ROWID: a primary key is no row of its own any more,
-- so a task writes fewer of them. The columns are what they were.
CREATE TABLE `__new_attempts` (
	`id` text NOT NULL,
	`task_id` text NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`candidate` integer NOT NULL,
	`indexes` text NOT NULL,
	`status` text NOT NULL,
	`reference` text,
	`hint` text,
	`is_synchronous` integer DEFAULT false NOT NULL,
	`awaits_callback` integer NOT NULL,
	`look_up_at` integer DEFAULT 0 NOT NULL,
	`misses` integer NOT NULL,
	`credits` real,
	`usd` real,
	`charged` text NOT NULL,
	`failure` text,
	`started_at` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`task_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_attempts`(`id`, `task_id`, `provider`, `model`, `candidate`, `indexes`, `status`, `reference`, `hint`, `is_synchronous`, `awaits_callback`, `look_up_at`, `misses`, `credits`, `usd`, `charged`, `failure`, `started_at`, `lease_until`, `ended_at`) SELECT `id`, `task_id`, `provider`, `model`, `candidate`, `indexes`, `status`, `reference`, `hint`, `is_synchronous`, `awaits_callback`, `look_up_at`, `misses`, `credits`, `usd`, `charged`, `failure`, `started_at`, `lease_until`, `ended_at` FROM `attempts` ORDER BY `task_id`, `id`;--> statement-breakpoint
DROP TABLE `attempts`;--> statement-breakpoint
ALTER TABLE `__new_attempts` RENAME TO `attempts`;--> statement-breakpoint
CREATE INDEX `attempts_ended` ON `attempts` (`provider`,`ended_at`) WHERE ended_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_reference` ON `attempts` (`provider`,`reference`) WHERE reference is not null;--> statement-breakpoint
CREATE INDEX `attempts_unknown` ON `attempts` (`task_id`) WHERE charged = 'unknown' and ended_at is not null;--> statement-breakpoint
CREATE INDEX `attempts_old_id` ON `attempts` (`id`) WHERE length(id) = 36;--> statement-breakpoint
CREATE TABLE `__new_deliveries` (
	`id` text NOT NULL,
	`task_id` text NOT NULL,
	`task_version` integer NOT NULL,
	`event` text NOT NULL,
	`created_at` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`next_try_at` integer,
	`delivered_at` integer,
	`tried_at` integer,
	`response_status` integer,
	`fault` text,
	PRIMARY KEY(`task_id`, `task_version`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_deliveries`(`id`, `task_id`, `task_version`, `event`, `created_at`, `tries`, `next_try_at`, `delivered_at`, `tried_at`, `response_status`, `fault`) SELECT `id`, `task_id`, `task_version`, `event`, `created_at`, `tries`, `next_try_at`, `delivered_at`, `tried_at`, `response_status`, `fault` FROM `deliveries` ORDER BY `task_id`, `task_version`;--> statement-breakpoint
DROP TABLE `deliveries`;--> statement-breakpoint
ALTER TABLE `__new_deliveries` RENAME TO `deliveries`;--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`next_try_at`) WHERE next_try_at is not null;--> statement-breakpoint
CREATE TABLE `__new_tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL,
	`status` text NOT NULL,
	`version` integer NOT NULL,
	`request` text NOT NULL,
	`candidates` text NOT NULL,
	`created_at` integer NOT NULL,
	`deadline_at` integer NOT NULL,
	`completed_at` integer,
	`due_at` integer,
	`due_interval_ms` integer NOT NULL,
	`error` text,
	`idempotency_key` text,
	`fingerprint` text,
	`reserved_usd` real,
	`deleted_at` integer
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_tasks` (`id`, `key_id`, `status`, `version`, `request`, `candidates`, `created_at`, `deadline_at`, `completed_at`, `due_at`, `due_interval_ms`, `error`, `idempotency_key`, `fingerprint`, `reserved_usd`, `deleted_at`) SELECT `id`, `key_id`, `status`, `version`, `request`, `candidates`, `created_at`, `deadline_at`, `completed_at`, `due_at`, `due_interval_ms`, `error`, `idempotency_key`, `fingerprint`, `reserved_usd`, `deleted_at` FROM `tasks` ORDER BY `id`;--> statement-breakpoint
DROP TABLE `tasks`;--> statement-breakpoint
ALTER TABLE `__new_tasks` RENAME TO `tasks`;--> statement-breakpoint
CREATE INDEX `tasks_due` ON `tasks` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_idempotency` ON `tasks` (`key_id`,`idempotency_key`) WHERE idempotency_key is not null;--> statement-breakpoint
CREATE INDEX `tasks_key` ON `tasks` (`key_id`,`id`);--> statement-breakpoint
CREATE TABLE `__new_outputs` (
	`task_id` text NOT NULL,
	`index` integer NOT NULL,
	`attempt_id` text NOT NULL,
	`source_url` text,
	`faults` integer NOT NULL,
	`last_fault` text,
	`retry_at` integer NOT NULL,
	`content_type` text,
	`bytes` integer,
	`width` integer,
	`height` integer,
	`sha256` text,
	`stored_at` integer,
	`content_credentials` integer DEFAULT false NOT NULL,
	`size_mismatch` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`task_id`, `index`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_outputs` (`task_id`, `index`, `attempt_id`, `source_url`, `faults`, `last_fault`, `retry_at`, `content_type`, `bytes`, `width`, `height`, `sha256`, `stored_at`, `content_credentials`, `size_mismatch`) SELECT `task_id`, `index`, `attempt_id`, `source_url`, `faults`, `last_fault`, `retry_at`, `content_type`, `bytes`, `width`, `height`, `sha256`, `stored_at`, `content_credentials`, `size_mismatch` FROM `outputs` ORDER BY `task_id`, `index`;--> statement-breakpoint
DROP TABLE `outputs`;--> statement-breakpoint
ALTER TABLE `__new_outputs` RENAME TO `outputs`;

CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`task_id` text NOT NULL,
	`provider` text NOT NULL,
	`model` text NOT NULL,
	`candidate` integer NOT NULL,
	`indexes` text NOT NULL,
	`status` text NOT NULL,
	`reference` text,
	`hint` text,
	`awaits_callback` integer NOT NULL,
	`misses` integer NOT NULL,
	`credits` real,
	`usd` real,
	`charged` text NOT NULL,
	`failure` text,
	`started_at` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE INDEX `attempts_task` ON `attempts` (`task_id`);--> statement-breakpoint
CREATE INDEX `attempts_ended` ON `attempts` (`provider`,`ended_at`) WHERE ended_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_reference` ON `attempts` (`provider`,`reference`) WHERE reference is not null;--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`task_id` text NOT NULL,
	`task_version` integer NOT NULL,
	`event` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_task` ON `deliveries` (`task_id`,`task_version`);--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`key_hash` text NOT NULL,
	`webhook_secret` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_key_hash_unique` ON `keys` (`key_hash`);--> statement-breakpoint
CREATE TABLE `outputs` (
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
	PRIMARY KEY(`task_id`, `index`)
);
--> statement-breakpoint
CREATE TABLE `tasks` (
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
	`fingerprint` text
);
--> statement-breakpoint
CREATE INDEX `tasks_due` ON `tasks` (`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_idempotency` ON `tasks` (`key_id`,`idempotency_key`) WHERE idempotency_key is not null;
ALTER TABLE `deliveries` ADD `tries` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `next_try_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `delivered_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `tried_at` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `response_status` integer;--> statement-breakpoint
ALTER TABLE `deliveries` ADD `fault` text;--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`next_try_at`) WHERE next_try_at is not null;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_key_hash` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_key_until` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_webhook_secret` text;--> statement-breakpoint
ALTER TABLE `keys` ADD `previous_webhook_secret_until` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `rate_limit_per_minute` integer;--> statement-breakpoint
ALTER TABLE `keys` ADD `daily_usd_limit` real;--> statement-breakpoint
ALTER TABLE `keys` ADD `total_usd_limit` real;--> statement-breakpoint
ALTER TABLE `keys` ADD `window_started_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `window_tasks` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `day` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `day_usd` real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `total_usd` real DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `keys` ADD `last_used_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `keys_previous` ON `keys` (`previous_key_hash`) WHERE previous_key_hash is not null;--> statement-breakpoint
ALTER TABLE `tasks` ADD `reserved_usd` real;--> statement-breakpoint
ALTER TABLE `tasks` ADD `deleted_at` integer;--> statement-breakpoint
CREATE INDEX `tasks_key` ON `tasks` (`key_id`,`id`);--> statement-breakpoint
-- Webhooks that were owed before there was anybody to send them.
UPDATE `deliveries` SET `next_try_at` = `created_at`;

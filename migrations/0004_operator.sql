CREATE TABLE `key_hashes` (
	`hash` text PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL,
	`ends_at` integer
);
--> statement-breakpoint
CREATE INDEX `key_hashes_key` ON `key_hashes` (`key_id`);--> statement-breakpoint
CREATE TABLE `webhook_secrets` (
	`secret` text PRIMARY KEY NOT NULL,
	`key_id` text NOT NULL,
	`ends_at` integer
);
--> statement-breakpoint
CREATE INDEX `webhook_secrets_key` ON `webhook_secrets` (`key_id`);--> statement-breakpoint
CREATE INDEX `attempts_unknown` ON `attempts` (`task_id`) WHERE charged = 'unknown' and ended_at is not null;--> statement-breakpoint
-- The keys and secrets that work now, and those in their grace.
INSERT OR IGNORE INTO `key_hashes` (`hash`, `key_id`, `ends_at`) SELECT `key_hash`, `id`, NULL FROM `keys`;--> statement-breakpoint
INSERT OR IGNORE INTO `key_hashes` (`hash`, `key_id`, `ends_at`) SELECT `previous_key_hash`, `id`, `previous_key_until` FROM `keys` WHERE `previous_key_hash` IS NOT NULL;--> statement-breakpoint
INSERT OR IGNORE INTO `webhook_secrets` (`secret`, `key_id`, `ends_at`) SELECT `webhook_secret`, `id`, NULL FROM `keys`;--> statement-breakpoint
INSERT OR IGNORE INTO `webhook_secrets` (`secret`, `key_id`, `ends_at`) SELECT `previous_webhook_secret`, `id`, `previous_webhook_secret_until` FROM `keys` WHERE `previous_webhook_secret` IS NOT NULL;

ALTER TABLE `attempts` ADD `is_synchronous` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `attempts` ADD `look_up_at` integer DEFAULT 0 NOT NULL;
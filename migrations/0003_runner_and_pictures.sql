CREATE TABLE `moments` (
	`name` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `outputs` ADD `content_credentials` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `outputs` ADD `size_mismatch` integer DEFAULT false NOT NULL;
CREATE TABLE `moments` (
	`name` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);

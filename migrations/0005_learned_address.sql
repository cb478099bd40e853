CREATE TABLE `gateway` (
	`id` integer PRIMARY KEY NOT NULL,
	`public_url` text NOT NULL
);

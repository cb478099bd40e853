CREATE TABLE `usage` (
	`key_id` text NOT NULL,
	`day` integer NOT NULL,
	`provider` text NOT NULL,
	`charged` text NOT NULL,
	`attempts` integer NOT NULL,
	`images` integer NOT NULL,
	`credits` real NOT NULL,
	`credits_known` integer NOT NULL,
	`usd` real NOT NULL,
	`usd_known` integer NOT NULL,
	PRIMARY KEY(`key_id`, `day`, `provider`, `charged`)
) WITHOUT ROWID;
--> statement-breakpoint
-- What the ledger adds up to now.
INSERT INTO `usage` (`key_id`, `day`, `provider`, `charged`, `attempts`, `images`, `credits`, `credits_known`, `usd`, `usd_known`)
SELECT `tasks`.`key_id`, `attempts`.`started_at` / 86400000, `attempts`.`provider`, `attempts`.`charged`, count(*), sum(json_array_length(`attempts`.`indexes`)), round(total(`attempts`.`credits`), 6), count(`attempts`.`credits`), round(total(`attempts`.`usd`), 6), count(`attempts`.`usd`)
FROM `attempts` INNER JOIN `tasks` ON `tasks`.`id` = `attempts`.`task_id`
WHERE `attempts`.`charged` = 'yes' OR (`attempts`.`charged` = 'unknown' AND (`attempts`.`ended_at` IS NOT NULL OR `tasks`.`completed_at` IS NOT NULL))
GROUP BY 1, 2, 3, 4;

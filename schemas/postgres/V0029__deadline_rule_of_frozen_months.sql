-- A frozen month keeps the rule that its deadline went by (day of the month, and whether it moves past days off), so that a
-- deadline which the office calendar has moved is told from one that a changed setting has: only the first makes a new
-- version. The default is that of the months that are frozen already.
SET ROLE statistics_aggregator;
ALTER TABLE statistics.frozen_month ADD deadline_rule text NOT NULL DEFAULT '20 moves';
RESET ROLE;

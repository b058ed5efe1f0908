-- Switches of the platform that all services must see alike: the rows of schemas/registry/settings.csv.
CREATE TABLE registry.setting (
    name text NOT NULL, value text NOT NULL, note text NOT NULL, row_no int NOT NULL PRIMARY KEY
);
GRANT SELECT ON registry.setting TO gateway, validator, agency_matcher, statistics_aggregator, notification, query;

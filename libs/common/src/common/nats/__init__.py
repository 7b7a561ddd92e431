"""The NATS runtime: topology as data, connection, publisher, consumers, buckets, schedules, queries, dead letters."""

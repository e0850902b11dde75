-- Each state of an item leaves dead entries in the indexes by state, which claims have to pass
-- until they are vacuumed away. By default that happens when a fifth of the table is dead: the
-- larger the table, the longer a claim would take.
ALTER TABLE fal_batch.items SET (
    autovacuum_vacuum_threshold = 50000,
    autovacuum_vacuum_scale_factor = 0.01
);

-- Batches, and the limits that hold for all workers together.
CREATE TABLE fal_batch.batches (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    paused boolean NOT NULL DEFAULT false,
    -- A batch of higher priority is served first.
    priority integer NOT NULL DEFAULT 0,
    -- How many jobs may be in flight, from the claim to the outcome; no limit if null.
    concurrency integer CHECK (concurrency >= 0),
    rate_per_second double precision CHECK (rate_per_second > 0),
    tokens double precision NOT NULL DEFAULT 1,
    tokens_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    budget numeric(18, 6) CHECK (budget >= 0),
    -- The most that a job costs. It is reserved when an item is claimed.
    job_cost numeric(18, 6) NOT NULL DEFAULT 0 CHECK (job_cost >= 0),
    unit_price numeric(18, 6) CHECK (unit_price >= 0),
    reserved numeric(18, 6) NOT NULL DEFAULT 0,
    spent numeric(18, 6) NOT NULL DEFAULT 0,
    in_flight bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Items: one job each.
CREATE TABLE fal_batch.items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES fal_batch.batches ON DELETE CASCADE,
    key text NOT NULL,
    endpoint text NOT NULL,
    input json NOT NULL,
    priority integer NOT NULL DEFAULT 0,
    -- pending: waits for a worker. claimed: a worker has it, and has not begun to submit it.
    -- submitting: the submit request may be on its way. submitted: the request id is known.
    -- unknown: there may or may not be a job.
    state text NOT NULL DEFAULT 'pending' CHECK (
        state IN ('pending', 'claimed', 'submitting', 'submitted', 'done', 'failed', 'unknown')
    ),
    -- How often the item was claimed.
    attempt integer NOT NULL DEFAULT 0,
    -- Part of the URL of the webhook, by which a delivery finds the item before the request id
    -- is known here.
    token text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
    worker text,
    lease_until timestamptz,
    -- Not to be claimed before this time.
    not_before timestamptz,
    reserved numeric(18, 6) NOT NULL DEFAULT 0,
    request_id text,
    -- Jobs of the item that were given up, or that turned up beside the one above.
    other_request_ids text[] NOT NULL DEFAULT '{}',
    job json,
    -- When fal is asked about the job, if no webhook arrives.
    check_at timestamptz,
    checks integer NOT NULL DEFAULT 0,
    output json,
    metrics json,
    error_kind text,
    error text,
    units double precision,
    cost numeric(18, 6),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    submitted_at timestamptz,
    finished_at timestamptz,
    UNIQUE (batch_id, key)
);

CREATE INDEX items_pending ON fal_batch.items (batch_id, priority DESC, id)
    WHERE state = 'pending';
CREATE INDEX items_leased ON fal_batch.items (lease_until)
    WHERE state IN ('claimed', 'submitting');
CREATE INDEX items_to_check ON fal_batch.items (check_at) WHERE state = 'submitted';
CREATE INDEX items_request_id ON fal_batch.items (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX items_unsettled ON fal_batch.items (batch_id, state)
    WHERE state IN ('failed', 'unknown');

-- When the next requests about jobs may be sent, by all reconcilers together.
CREATE TABLE fal_batch.pace (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    next_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO fal_batch.pace DEFAULT VALUES;

-- Journals of `Client::batch`.
CREATE TABLE fal_batch.journals (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE fal_batch.journal_items (
    journal_id bigint NOT NULL REFERENCES fal_batch.journals ON DELETE CASCADE,
    index bigint NOT NULL,
    -- What identifies the input; it is not the input itself.
    input text NOT NULL,
    holder text,
    lease_until timestamptz,
    is_open boolean NOT NULL DEFAULT false,
    unknown text,
    request_id text,
    job json,
    error text,
    output json,
    metrics json,
    units double precision,
    PRIMARY KEY (journal_id, index)
);

-- For people: how far each batch is.
CREATE VIEW fal_batch.progress AS
SELECT
    b.name AS batch,
    b.paused,
    i.state,
    count(i.id) AS items,
    sum(i.cost) AS cost,
    b.spent,
    b.reserved,
    b.budget
FROM fal_batch.batches b
LEFT JOIN fal_batch.items i ON i.batch_id = b.id
GROUP BY b.id, i.state;

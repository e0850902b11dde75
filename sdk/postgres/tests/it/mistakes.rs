//! Bad input: each mistake has an error that says what is wrong and what to do.

use fal_batch_postgres::{Error, ErrorKind, Limits, PostgresJournal, Store, Worker};
use fal_sdk::journal::Journal;
use fal_test_postgres::Cluster;

use crate::world::{client, item, store_in};

/// Asserts the kind of an error, and what is among its words.
pub fn says(error: &Error, kind: ErrorKind, parts: &[&str]) {
    let words = error.to_string();
    assert_eq!(error.kind(), kind, "{words}");
    for part in parts {
        assert!(words.contains(part), "{part}: {words}");
    }
}

#[test]
fn settings_are_checked_before_anything_is_sent() {
    let error = Store::new("postgres://host:port/x").expect_err("a port");
    says(&error, ErrorKind::Usage, &["connection string"]);
    for name in ["x\"; DROP TABLE y; --", "", "Upper", "1st", &"x".repeat(64)] {
        let store = Store::builder("postgres://localhost").schema(name).build();
        says(&store.expect_err(name), ErrorKind::Usage, &["lower-case"]);
    }
    let store = Store::new("postgres://u:secret@localhost").expect("a store");
    assert!(!format!("{store:?}").contains("secret"));
}

#[tokio::test]
async fn a_schema_that_is_not_ours_is_left_alone() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = |schema: &str| {
        let builder = Store::builder(cluster.url()).schema(schema);
        builder.build().expect("a store")
    };
    let sql = cluster.sql().await;
    says(
        &store("absent").check().await.expect_err("a missing schema"),
        ErrorKind::Schema,
        &["absent", "Store::migrate"],
    );
    // Of another program.
    sql.batch_execute("CREATE SCHEMA theirs; CREATE TABLE theirs.customers (id int)")
        .await
        .expect("a table");
    let error = store("theirs")
        .migrate()
        .await
        .expect_err("a foreign table");
    says(
        &error,
        ErrorKind::Schema,
        &["theirs", "customers", "nothing in it was changed"],
    );
    sql.batch_execute("CREATE SCHEMA other; CREATE TABLE other.migrations (id int)")
        .await
        .expect("a table");
    for error in [store("other").migrate().await, store("other").check().await] {
        let error = error.expect_err("a foreign table");
        says(
            &error,
            ErrorKind::Schema,
            &["do not belong to this crate", "migrations"],
        );
    }
    let count = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('theirs', 'other') AND c.relkind = 'r'";
    let row = sql.query_one(count, &[]).await.expect("a count");
    assert_eq!(row.get::<_, i64>(0), 2);
}

#[tokio::test]
async fn a_schema_of_another_version_is_not_used() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = store_in(&cluster, "fal_batch").await;
    store.check().await.expect("the schema");
    // Twice at once, and again: that changes nothing.
    let (one, two) = tokio::join!(store.migrate(), store.migrate());
    one.and(two).expect("the schema");
    let sql = cluster.sql().await;
    let run = || Worker::new(client("http://127.0.0.1:9"), store.clone()).run();
    let change = async |statement: &str| {
        let done = sql.batch_execute(statement).await;
        done.expect("a change of the schema");
    };
    change("INSERT INTO fal_batch.migrations (version, name) VALUES (3, 'later')").await;
    let newer = [run().await, store.migrate().await];
    for error in newer {
        says(
            &error.expect_err("newer"),
            ErrorKind::Schema,
            &["newer", "update this program"],
        );
    }
    // As the first version has left it.
    change(
        "DELETE FROM fal_batch.migrations WHERE version > 1;
         ALTER TABLE fal_batch.items RESET (autovacuum_vacuum_threshold)",
    )
    .await;
    let error = run().await.expect_err("older");
    says(&error, ErrorKind::Schema, &["version 1", "Store::migrate"]);
    store.migrate().await.expect("the schema");
    store.check().await.expect("the schema");
    let settings = "SELECT reloptions::text FROM pg_class WHERE oid = 'fal_batch.items'::regclass";
    let row = sql.query_one(settings, &[]).await.expect("the settings");
    let settings: String = row.get(0);
    assert!(
        settings.contains("autovacuum_vacuum_threshold"),
        "{settings}"
    );
}

#[tokio::test]
async fn permissions_are_checked_before_anything_is_claimed() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let _ = store_in(&cluster, "fal_batch").await;
    let sql = cluster.sql().await;
    sql.batch_execute(
        "CREATE ROLE stranger LOGIN; CREATE ROLE reader LOGIN;
         GRANT USAGE ON SCHEMA fal_batch TO reader;
         GRANT SELECT ON ALL TABLES IN SCHEMA fal_batch TO reader;
         CREATE ROLE worker LOGIN;
         GRANT USAGE ON SCHEMA fal_batch TO worker;
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA fal_batch TO worker",
    )
    .await
    .expect("roles");
    for role in ["stranger", "reader"] {
        let store = Store::new(cluster.url_of(role)).expect("a store");
        let worker = Worker::new(client("http://127.0.0.1:9"), store.clone());
        let error = worker.run().await.expect_err(role);
        says(&error, ErrorKind::Permission, &["rant"]);
        let error = Store::builder(cluster.url_of(role)).schema("mine").build();
        let error = error.expect("a store").migrate().await.expect_err(role);
        says(&error, ErrorKind::Permission, &["CREATE"]);
    }
    // What the documentation asks for is enough.
    let store = Store::new(cluster.url_of("worker")).expect("a store");
    let batch = store.batch("allowed");
    batch.create(&Limits::none()).await.expect("a batch");
    batch.add([item(1)]).await.expect("an item");
    let worker = Worker::new(client("http://127.0.0.1:9"), store);
    let stop = tokio::time::sleep(std::time::Duration::from_millis(200));
    worker.run_until(stop).await.expect("a worker");
}

#[tokio::test]
async fn arguments_are_checked() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = store_in(&cluster, "fal_batch").await;
    let batch = store.batch("never created");
    let errors = [
        batch.add([item(1)]).await.map(drop),
        batch.progress().await.map(drop),
        batch.pause().await,
    ];
    for error in errors {
        let error = error.expect_err("a missing batch");
        says(
            &error,
            ErrorKind::Usage,
            &["never created", "Batch::create"],
        );
    }
    let limits = Limits::none();
    let wrong = [
        (limits.clone().budget(5.0, 0.0), "job_cost"),
        (limits.clone().budget(f64::NAN, 0.1), "amount of money"),
        (limits.clone().budget(-1.0, 0.1), "amount of money"),
        (limits.clone().rate_per_second(0.0), "rate"),
        (limits.clone().rate_per_second(f64::INFINITY), "rate"),
    ];
    for (limits, part) in wrong {
        let error = batch.create(&limits).await.expect_err(part);
        says(&error, ErrorKind::Usage, &[part]);
    }
    let no_database = cluster.url().replace("/postgres?", "/nowhere?");
    let store = Store::new(no_database).expect("a store");
    let error = store.check().await.expect_err("a missing database");
    says(
        &error,
        ErrorKind::Usage,
        &["nowhere", "create the database"],
    );
}

#[tokio::test]
async fn a_journal_of_other_inputs_says_what_is_paid() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let store = store_in(&cluster, "fal_batch").await;
    let journal = || PostgresJournal::new(store.clone(), "mine");
    journal()
        .open(&["a".to_owned(), "b".to_owned()])
        .await
        .expect("a journal");
    let error = journal()
        .open(&["a".to_owned()])
        .await
        .expect_err("other inputs");
    let words = error.to_string();
    assert!(
        words.contains("`mine`") && words.contains("already paid for: 0"),
        "{words}"
    );
}

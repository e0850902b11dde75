//! Creates the schema, brings it up to date, and checks it.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use super::{Parameters, Store};
use crate::error::{Error, ErrorKind, Result, is_missing};

/// The migrations, in order. The position of a migration, counted from 1, is its version. A
/// released migration is never changed.
const MIGRATIONS: [(&str, &str); 2] = [
    ("batches", include_str!("../../migrations/0001_batches.sql")),
    ("vacuum", include_str!("../../migrations/0002_vacuum.sql")),
];
/// The key of the lock that makes programs migrate one after the other.
const LOCK: i64 = 0x6661_6c5f_6261_7463;

impl Store {
    /// Creates the schema, or brings it up to date. Several programs may do so at the same time.
    /// All migrations are applied in one transaction.
    ///
    /// # Errors
    /// When the role may not create tables, when the schema is of a newer version of this crate,
    /// and when it has tables that do not belong to this crate, which are never changed.
    pub async fn migrate(&self) -> Result<()> {
        let mut client = self.connect().await?;
        let transaction = client.transaction().await?;
        let lock = "SELECT pg_advisory_xact_lock($1)";
        transaction
            .query_typed(lock, &[(&LOCK, Type::INT8)])
            .await?;
        let schema = &self.0.schema;
        let exists = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
        let is_new = transaction
            .query_typed(exists, &[(schema, Type::TEXT)])
            .await?
            .is_empty();
        if is_new {
            let create = format!("CREATE SCHEMA \"{schema}\"");
            transaction.batch_execute(&create).await?;
        }
        let tables = "SELECT relname::text FROM pg_class
             WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p', 'v', 'm', 'f')";
        let quoted = format!("\"{schema}\"");
        let tables = transaction
            .query_typed(tables, &[(&quoted, Type::TEXT)])
            .await?;
        let tables: Vec<String> = tables.iter().map(|row| row.get(0)).collect();
        let begun = match tables.iter().any(|name| name == "migrations") {
            true => self.applied(transaction.client()).await?,
            false if tables.is_empty() => {
                let create = "CREATE TABLE fal_batch.migrations (
                     version integer PRIMARY KEY,
                     name text NOT NULL,
                     applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
                 )";
                transaction.batch_execute(&self.in_schema(create)).await?;
                0
            }
            false => return Err(self.foreign(&tables.join("`, `"))),
        };
        for (index, (name, sql)) in MIGRATIONS.iter().enumerate().skip(begun) {
            transaction.batch_execute(&self.in_schema(sql)).await?;
            let version = i32::try_from(index + 1).unwrap_or(i32::MAX);
            let note = "INSERT INTO fal_batch.migrations (version, name) VALUES ($1, $2)";
            let parameters: &Parameters<'_> = &[(&version, Type::INT4), (name, Type::TEXT)];
            transaction
                .query_typed(&self.in_schema(note), parameters)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Checks that the schema is of this version of the crate, and that the role may use it.
    /// Workers, receivers and reconcilers do so when they start.
    ///
    /// # Errors
    /// When the schema is missing, is of an older or newer version or does not belong to this
    /// crate, and when a permission is missing.
    pub async fn check(&self) -> Result<()> {
        let client = self.client().await?;
        let applied = self.applied(&client).await?;
        if applied < MIGRATIONS.len() {
            let message = format!(
                "the schema `{}` is of version {applied}, and this program needs version {}: call \
                 `Store::migrate`",
                self.0.schema,
                MIGRATIONS.len()
            );
            return Err(Error::new(ErrorKind::Schema, message));
        }
        // Permissions, before anything is claimed.
        for table in ["batches", "items", "pace", "journals", "journal_items"] {
            let can = "SELECT has_table_privilege($1, 'SELECT') AND
                              has_table_privilege($1, 'UPDATE')";
            let name = format!("\"{}\".{table}", self.0.schema);
            let rows = client.query_typed(can, &[(&name, Type::TEXT)]).await?;
            if !rows.first().is_some_and(|row| row.get(0)) {
                let message = format!(
                    "the role may not read or change the table {name}: grant it SELECT, INSERT, \
                     UPDATE and DELETE on the tables of the schema"
                );
                return Err(Error::new(ErrorKind::Permission, message));
            }
        }
        Ok(())
    }

    /// How many migrations were applied.
    async fn applied(&self, client: &Client) -> Result<usize> {
        let read = "SELECT version, name FROM fal_batch.migrations ORDER BY version";
        let rows = match client.query_typed(&self.in_schema(read), &[]).await {
            Ok(rows) => rows,
            Err(error) if is_missing(&error) => {
                let message = format!(
                    "the schema `{}` does not exist or is empty: call `Store::migrate`",
                    self.0.schema
                );
                return Err(Error::new(ErrorKind::Schema, message));
            }
            Err(error) if error.code().is_some_and(|code| code.code() == "42703") => {
                return Err(self.foreign("migrations"));
            }
            Err(error) => return Err(error.into()),
        };
        self.count(&rows)
    }

    fn count(&self, rows: &[Row]) -> Result<usize> {
        for (index, row) in rows.iter().enumerate() {
            let (version, name): (i32, String) = match (row.try_get(0), row.try_get(1)) {
                (Ok(version), Ok(name)) => (version, name),
                _ => return Err(self.foreign("migrations")),
            };
            let is_next = usize::try_from(version) == Ok(index + 1);
            match MIGRATIONS.get(index) {
                Some((known, _)) if is_next && *known == name => {}
                None if is_next => {
                    let message = format!(
                        "the schema `{}` is of version {}, which is newer than this program's \
                         {}: update this program",
                        self.0.schema,
                        rows.len(),
                        MIGRATIONS.len()
                    );
                    return Err(Error::new(ErrorKind::Schema, message));
                }
                _ => return Err(self.foreign("migrations")),
            }
        }
        Ok(rows.len())
    }

    fn foreign(&self, tables: &str) -> Error {
        let message = format!(
            "the schema `{}` has tables that do not belong to this crate (`{tables}`), so nothing \
             in it was changed: name another schema with `StoreBuilder::schema`",
            self.0.schema
        );
        Error::new(ErrorKind::Schema, message)
    }
}

//! The SQL of the crate's page and of the guide's.

use fal_batch_postgres::Limits;
use fal_mock::Script;

use crate::world::World;

const PAGES: [&str; 2] = [
    include_str!("../../README.md"),
    include_str!("../../../src/guide/many_machines.md"),
];

/// The blocks of a page that are SQL.
fn blocks(page: &str) -> impl Iterator<Item = &str> {
    let blocks = page.split("```sql\n").skip(1);
    blocks.filter_map(|rest| rest.split("```").next())
}

#[tokio::test]
async fn the_sql_that_is_shown_works() {
    let Some(world) = World::new(Script::new(), Limits::none(), 3).await else {
        return;
    };
    let sql = world.cluster.sql().await;
    sql.batch_execute("CREATE ROLE worker; UPDATE fal_batch.batches SET name = 'shots'")
        .await
        .expect("what the page assumes");
    let blocks: Vec<&str> = PAGES.into_iter().flat_map(blocks).collect();
    assert!(blocks.len() >= 3, "{blocks:?}");
    for block in blocks {
        let done = sql.batch_execute(block).await;
        done.unwrap_or_else(|error| panic!("{error}: {block}"));
    }
    let paused = "SELECT paused FROM fal_batch.batches WHERE name = 'shots'";
    assert!(world.value::<bool>(paused).await);
}

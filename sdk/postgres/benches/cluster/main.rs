//! Measures what a batch costs, and prints rows for the table on the crate's page.
//!
//! ```text
//! cargo bench --package fal-batch-postgres -- [--items N,…] [--table N,…]
//! ```
//!
//! Each measurement has a PostgreSQL of its own, whose commits survive a crash of the machine
//! (`fsync=on`), and `fal-mock` in this process.
//!
//! * `--items N`: runs N items with three workers and a receiver, each in a process of its own.
//! * `--table N`: measures the database alone, with new items beside N items that are done.

mod growth;
mod processes;

use fal_sdk::Client;
use fal_test_postgres::Cluster;

const ENDPOINT: &str = "acme/image";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments = std::env::args().skip(1);
    let arguments: Vec<String> = arguments.filter(|word| word != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (mut items, mut tables) = (Vec::new(), Vec::new());
    let mut rest = words.as_slice();
    loop {
        rest = match rest {
            [] => break,
            ["--items", numbers, rest @ ..] => {
                items.extend(read(numbers));
                rest
            }
            ["--table", numbers, rest @ ..] => {
                tables.extend(read(numbers));
                rest
            }
            [role @ ("worker" | "receiver"), database, fal, address] => {
                let address = address.parse().expect("an address");
                return processes::take_role(role, database, fal, address).await;
            }
            _ => panic!(
                "usage: cargo bench --package fal-batch-postgres -- [--items N,…] [--table N,…]"
            ),
        };
    }
    if items.is_empty() && tables.is_empty() {
        (items, tables) = (vec![10_000], vec![10_000, 100_000]);
    }
    println!("| | |\n|---|---|");
    for items in items {
        let Some(cluster) = start().await else {
            return;
        };
        processes::measure(&cluster, items).await;
    }
    for done in tables {
        let Some(cluster) = start().await else {
            return;
        };
        growth::measure(&cluster, done).await;
    }
}

fn read(numbers: &str) -> Vec<usize> {
    let numbers = numbers.split(',');
    numbers
        .map(|number| number.parse().expect("a number of items"))
        .collect()
}

async fn start() -> Option<Cluster> {
    let mut cluster = Cluster::start().await?;
    cluster.stop();
    let durable = ["fsync=on", "shared_buffers=512MB", "max_wal_size=4GB"];
    cluster.launch(&durable).await.expect("a server");
    Some(cluster)
}

fn client(url: &str) -> Client {
    let builder = Client::builder().key("id:secret").base_url(url);
    builder.build().expect("a client")
}

/// A number with a comma between its thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

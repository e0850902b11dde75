//! What a call would cost, and what models cost.
//!
//! ```text
//! FAL_BASE_URL=http://127.0.0.1:4010 FAL_KEY=id:secret \
//!     cargo run --example pricing --features wan-22-vace-fun-a14b -- [WORDS]
//! ```

use fal_sdk::endpoints::fal_ai::wan_22_vace_fun_a14b::depth::DepthInput;
use fal_sdk::{Client, Input};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = Client::from_env()?;
    let input = DepthInput::new("A street", "https://example.com/walk.mp4");
    match fal.estimate(&input).await? {
        Some(cost) => println!(
            "a call of {}: about {} {}",
            DepthInput::ENDPOINT,
            cost.total_cost,
            cost.currency
        ),
        None => println!("the catalog knows no price of {}", DepthInput::ENDPOINT),
    }

    let words = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "depth".to_owned());
    let found = fal.platform().models().search(words).limit(20).await?;
    let ids: Vec<String> = found
        .models
        .into_iter()
        .map(|model| model.endpoint_id)
        .collect();
    if ids.is_empty() {
        println!("no model of that name");
        return Ok(());
    }
    for price in fal.platform().prices(ids).await? {
        println!(
            "{}: {} {} per {}",
            price.endpoint_id, price.unit_price, price.currency, price.unit
        );
    }
    Ok(())
}

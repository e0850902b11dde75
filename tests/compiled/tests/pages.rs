//! The Rust programs of the pages of all fixtures: that they compile is what is tested here.
//!
//! Written by `UPDATE=1 cargo test -p fal-tests --test page_render`; do not edit.
#![deny(warnings)]
#![allow(dead_code)]

#[rustfmt::skip]
mod all_of_0_typed {
use fal_compiled::all_of::endpoints::acme::all_of::{AllOfInput, Merged};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = AllOfInput::new(Merged::new("", ""));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod all_of_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "merged": {
        "name": "",
        "extra_member": ""
      }
    });
    let output = fal
        .endpoint("acme/all-of")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod bad_documents_6_typed {
use fal_compiled::bad_documents::endpoints::acme::good::GoodInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = GoodInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod bad_documents_6_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/good")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod both_ways_0_typed {
use fal_compiled::both_ways::endpoints::acme::both_ways::BothWaysInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = BothWaysInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod both_ways_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/both_ways")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod bounds_0_typed {
use fal_compiled::bounds::endpoints::acme::bounds::BoundsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = BoundsInput::new(81);
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod bounds_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "range": 81
    });
    let output = fal
        .endpoint("acme/bounds")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod constants_0_typed {
use fal_compiled::constants::endpoints::acme::constants::{ConstantsInput, FromText, InputNullable, SourceChoice};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ConstantsInput::new(
        0.0,
        InputNullable::X,
        "",
        SourceChoice::FromText(FromText::new("")),
    );
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod constants_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "fraction": 0,
      "nullable": "x",
      "prompt": "",
      "source": {
        "link": "",
        "type": "text"
      },
      "version": "v2",
      "number": -7,
      "flag": true
    });
    let output = fal
        .endpoint("acme/constants")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod cycles_0_typed {
use fal_compiled::cycles::endpoints::acme::cycles::CyclesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = CyclesInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod cycles_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/cycles")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod dangling_0_typed {
use fal_sdk::wire::serde_json::Map;
use fal_compiled::dangling::endpoints::acme::dangling::no_input::NoInputInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = NoInputInput::new(Map::from_iter([]));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod dangling_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/dangling/no-input")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod dangling_1_typed {
use fal_compiled::dangling::endpoints::acme::dangling::no_output::NoOutputInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = NoOutputInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod dangling_1_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/dangling/no-output")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod dangling_2_typed {
use fal_sdk::wire::serde_json::Value;
use fal_compiled::dangling::endpoints::acme::dangling::DanglingInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = DanglingInput::new(Value::Object(Default::default()), 1);
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod dangling_2_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "gone": {},
      "kept": 1
    });
    let output = fal
        .endpoint("acme/dangling")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod defaults_0_typed {
use fal_compiled::defaults::endpoints::acme::defaults::DefaultsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = DefaultsInput::new("kept as documentation");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod defaults_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "required_default": "kept as documentation"
    });
    let output = fal
        .endpoint("acme/defaults")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod descriptions_0_typed {
use fal_compiled::descriptions::endpoints::acme::descriptions::DescriptionsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = DescriptionsInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod descriptions_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/descriptions")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod discriminator_0_typed {
use fal_compiled::discriminator::endpoints::acme::discriminator::{Circle, DiscriminatorInput, MappedChoice, ShapeChoice};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = DiscriminatorInput::new(
        MappedChoice::Circle(Circle::new(0.0)),
        [ShapeChoice::Circle(Circle::new(0.0))],
    );
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod discriminator_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "mapped": {
        "size": 0,
        "kind": "circle"
      },
      "shapes": [
        {
          "size": 0,
          "kind": "circle"
        }
      ]
    });
    let output = fal
        .endpoint("acme/discriminator")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_0_typed {
use fal_sdk::wire::serde_json::Map;
use fal_compiled::empty::endpoints::acme::empty::list_input::ListInputInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ListInputInput::new(Map::from_iter([]));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/empty/list-input")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_1_typed {
use fal_sdk::wire::serde_json::Map;
use fal_compiled::empty::endpoints::acme::empty::no_body::NoBodyInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = NoBodyInput::new(Map::from_iter([]));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_1_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/empty/no-body")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_2_typed {
use fal_sdk::wire::serde_json::Map;
use fal_compiled::empty::endpoints::acme::empty::nothing::NothingInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = NothingInput::new(Map::from_iter([]));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_2_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/empty/nothing")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_3_typed {
use fal_sdk::wire::serde_json::Map;
use fal_compiled::empty::endpoints::acme::empty::object::ObjectInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ObjectInput::new(Map::from_iter([]));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_3_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/empty/object")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_4_typed {
use fal_compiled::empty::endpoints::acme::empty::text_output::TextOutputInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = TextOutputInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_4_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/empty/text-output")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_5_typed {
use fal_compiled::empty::endpoints::acme::empty::undeclared::UndeclaredInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = UndeclaredInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_5_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "a": ""
    });
    let output = fal
        .endpoint("acme/empty/undeclared")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_6_typed {
use fal_compiled::empty::endpoints::acme::empty::unrequired::UnrequiredInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = UnrequiredInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod empty_6_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/empty/unrequired")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod enum_names_0_typed {
use fal_compiled::enum_names::endpoints::acme::enum_names::EnumNamesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = EnumNamesInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod enum_names_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/enum-names")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod facts_0_typed {
use fal_compiled::facts::endpoints::acme::facts::FactsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = FactsInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod facts_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/facts")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_0_typed {
use fal_compiled::families::endpoints::acme::draw::clash_too::ClashTooInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ClashTooInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/draw/clash-too")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_1_typed {
use fal_compiled::families::endpoints::acme::draw::clash::ClashInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ClashInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_1_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/draw/clash")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_2_typed {
use fal_compiled::families::endpoints::acme::draw::fast::lora::LoraInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = LoraInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_2_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/draw/fast/lora")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_3_typed {
use fal_compiled::families::endpoints::acme::draw::fast::FastInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = FastInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_3_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/draw/fast")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_4_typed {
use fal_compiled::families::endpoints::acme::draw::words::WordsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = WordsInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_4_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/draw/words")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_5_typed {
use fal_compiled::families::endpoints::other::draw::DrawInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = DrawInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod families_5_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("other/draw")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod files_0_typed {
use fal_compiled::files::endpoints::acme::files::FilesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = FilesInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod files_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/files")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod hints_0_typed {
use fal_compiled::hints::endpoints::acme::hints::HintsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = HintsInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod hints_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "image_url": ""
    });
    let output = fal
        .endpoint("acme/hints")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod integer_enums_0_typed {
use fal_compiled::integer_enums::endpoints::acme::integer_enums::IntegerEnumsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = IntegerEnumsInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod integer_enums_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/integer-enums")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod lists_0_typed {
use fal_compiled::lists::endpoints::acme::lists::{Layer, ListsInput};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ListsInput::new([""], [Layer::new()]);
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod lists_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "counted": [
        ""
      ],
      "of_objects": [
        {}
      ]
    });
    let output = fal
        .endpoint("acme/lists")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod long_names_0_typed {
use fal_compiled::long_names::endpoints::acme::long_names_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx::{InputAVeryLongNameThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOn, LongNamesXxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxInput};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = LongNamesXxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxInput::new(
        InputAVeryLongNameThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOnThatGoesOn::VWwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww,
    );
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod long_names_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "a_very_long_name_that_goes_on_that_goes_on_that_goes_on_that_goes_on_that_goes_on_that_goes_on_that_goes_on_that_goes_on_that_goes_on_that_goes_on_that_goes_on_that_goes_on_": "v_wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"
    });
    let output = fal
        .endpoint("acme/long-names-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod malformed_0_typed {
use fal_compiled::malformed::endpoints::acme::malformed::MalformedInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = MalformedInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod malformed_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/malformed")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod maps_0_typed {
use std::collections::BTreeMap;
use fal_compiled::maps::endpoints::acme::maps::MapsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = MapsInput::new(BTreeMap::from([]));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod maps_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "typed": {}
    });
    let output = fal
        .endpoint("acme/maps")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod method_names_0_typed {
use fal_compiled::method_names::endpoints::acme::method_names::required::RequiredInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = RequiredInput::new(
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    );
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod method_names_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "new": "",
      "validate": "",
      "default": "",
      "clone": "",
      "check": "",
      "from": "",
      "into": "",
      "eq": "",
      "ne": "",
      "fmt": "",
      "to_owned": "",
      "try_from": "",
      "try_into": "",
      "serialize": "",
      "deserialize": "",
      "decode": "",
      "for_each_media": "",
      "borrow": "",
      "borrow_mut": "",
      "type_id": "",
      "keeps_rules": "",
      "clone_from": "",
      "drop": "",
      "to_string": "",
      "as_ref": "",
      "unwrap": "",
      "map": ""
    });
    let output = fal
        .endpoint("acme/method-names/required")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod method_names_1_typed {
use fal_compiled::method_names::endpoints::acme::method_names::MethodNamesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = MethodNamesInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod method_names_1_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/method-names")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_0_typed {
use fal_compiled::module_names::endpoints::_1234::app::AppInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = AppInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("1234/app")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_1_typed {
use fal_compiled::module_names::endpoints::acme::mods::_1_3b::Mods1_3bInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = Mods1_3bInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_1_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/1.3b")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_2_typed {
use fal_compiled::module_names::endpoints::acme::mods::_3d::Mods3dInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = Mods3dInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_2_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/3d")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_3_typed {
use fal_compiled::module_names::endpoints::acme::mods::v1_1::V1_1Input;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = V1_1Input::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_3_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/V1-1")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_5_typed {
use fal_compiled::module_names::endpoints::acme::mods::core::CoreInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = CoreInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_5_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/core")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_6_typed {
use fal_compiled::module_names::endpoints::acme::mods::crate_::CrateInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = CrateInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_6_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/crate")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_7_typed {
use fal_compiled::module_names::endpoints::acme::mods::endpoints::EndpointsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = EndpointsInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_7_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/endpoints")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_8_typed {
use fal_compiled::module_names::endpoints::acme::mods::fal_sdk::FalSdkInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = FalSdkInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_8_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/fal_sdk")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_9_typed {
use fal_compiled::module_names::endpoints::acme::mods::input::InputInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = InputInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_9_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/input")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_10_typed {
use fal_compiled::module_names::endpoints::acme::mods::lib::LibInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = LibInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_10_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/lib")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_11_typed {
use fal_compiled::module_names::endpoints::acme::mods::main::MainInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = MainInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_11_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/main")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_12_typed {
use fal_compiled::module_names::endpoints::acme::mods::mods::mods::ModsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ModsInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_12_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/mods/mods")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_13_typed {
use fal_compiled::module_names::endpoints::acme::mods::mods::ModsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ModsInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_13_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/mods")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_14_typed {
use fal_compiled::module_names::endpoints::acme::mods::move_::MoveInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = MoveInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_14_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/move")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_15_typed {
use fal_compiled::module_names::endpoints::acme::mods::self_::SelfInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = SelfInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_15_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/self")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_16_typed {
use fal_compiled::module_names::endpoints::acme::mods::std_::StdInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = StdInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_16_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/std")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_17_typed {
use fal_compiled::module_names::endpoints::acme::mods::types_::types_::TypesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = TypesInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_17_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/types/types")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_18_typed {
use fal_compiled::module_names::endpoints::acme::mods::types_::TypesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = TypesInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_18_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/types")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_19_typed {
use fal_compiled::module_names::endpoints::acme::mods::v1_1::V1_1Input;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = V1_1Input::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_19_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/v1-1")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_20_typed {
use fal_compiled::module_names::endpoints::acme::mods::v1_1::V1_1Input;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = V1_1Input::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_20_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/v1.1")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_21_typed {
use fal_compiled::module_names::endpoints::acme::mods::v1_1::V1_1Input;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = V1_1Input::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_21_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods/v1_1")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_22_typed {
use fal_compiled::module_names::endpoints::acme::mods::ModsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ModsInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_22_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("acme/mods")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_23_typed {
use fal_compiled::module_names::endpoints::types_::types_::TypesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = TypesInput::new("");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod module_names_23_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prompt": ""
    });
    let output = fal
        .endpoint("types/types")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod nullable_0_typed {
use fal_compiled::nullable::endpoints::acme::nullable::NullableInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = NullableInput::new(String::from(""));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod nullable_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "required_nullable": ""
    });
    let output = fal
        .endpoint("acme/nullable")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod open_enums_0_typed {
use fal_compiled::open_enums::endpoints::acme::open_enums::OpenEnumsInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = OpenEnumsInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod open_enums_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/open-enums")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod preset_or_custom_0_typed {
use fal_compiled::preset_or_custom::endpoints::acme::preset_or_custom::PresetOrCustomInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = PresetOrCustomInput::new();
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod preset_or_custom_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({});
    let output = fal
        .endpoint("acme/preset-or-custom")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod property_names_0_typed {
use fal_compiled::property_names::endpoints::acme::property_names::PropertyNamesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = PropertyNamesInput::new("", false, "", "", 1);
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod property_names_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "type": "",
      "3d": false,
      "a_b": "",
      "aB": "",
      "slash/tilde~": 1
    });
    let output = fal
        .endpoint("acme/property-names")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod recursion_0_typed {
use fal_compiled::recursion::endpoints::acme::recursion::{RecursionInput, Tree};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = RecursionInput::new(Tree::new(""));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod recursion_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "tree": {
        "label": ""
      }
    });
    let output = fal
        .endpoint("acme/recursion")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod references_0_typed {
use fal_compiled::references::endpoints::acme::references::{CanvasInt, ReferencesInput, Style};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = ReferencesInput::new(Style::Oil, CanvasInt::new(0));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod references_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "plain": "oil",
      "not_an_identifier": {
        "side": 0
      }
    });
    let output = fal
        .endpoint("acme/references")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod required_values_0_typed {
use std::collections::BTreeMap;

use fal_sdk::wire::serde_json::{Map, Value};
use fal_compiled::required_values::endpoints::acme::required_values::{CanvasChoice, Duration, Format, Lora, RequiredValuesInput, Resolution, Size, SizeChoice, SizePreset};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = RequiredValuesInput::new(
        4.0,
        30,
        true,
        "A \"quoted\" \\ line\nand a second {one}",
        "https://example.com/a.png",
        ["https://example.com/a.png", "https://example.com/b.png"],
        Resolution::R720p,
        [Format::Jpeg, Format::Png],
        Duration::D10,
        SizeChoice::Preset(SizePreset::Portrait),
        CanvasChoice::Custom(Size::new(480, 640)),
        [Lora::new("a.safetensors").scale(1.0), Lora::new("b.safetensors").tags(["x"])],
        [1.0, 0.5],
        7,
        String::from(""),
        BTreeMap::from([(String::from("a"), 1.0)]),
        Map::from_iter([
            (
                String::from("a"),
                Value::Array(vec![Value::from(1), Value::Null, Value::from("x")]),
            ),
        ]),
        Value::from_iter([("deep", Value::from_iter([("er", Value::from(1.5))]))]),
        [Value::from(1), Value::from("a")],
        [1, 2],
        3,
        1.0,
        ["", ""],
        5000000000,
    );
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod required_values_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "scale": 4,
      "steps": 30,
      "loud": true,
      "prompt": "A \"quoted\" \\ line\nand a second {one}",
      "image_url": "https://example.com/a.png",
      "image_urls": [
        "https://example.com/a.png",
        "https://example.com/b.png"
      ],
      "resolution": "720p",
      "formats": [
        "jpeg",
        "png"
      ],
      "duration": 10,
      "size": "portrait",
      "canvas": {
        "height": 480,
        "width": 640
      },
      "loras": [
        {
          "path": "a.safetensors",
          "scale": 1
        },
        {
          "path": "b.safetensors",
          "tags": [
            "x"
          ]
        }
      ],
      "weights": [
        1,
        0.5
      ],
      "seed": 7,
      "note": "",
      "labels": {
        "a": 1
      },
      "free": {
        "a": [
          1,
          null,
          "x"
        ]
      },
      "anything": {
        "deep": {
          "er": 1.5
        }
      },
      "point": [
        1,
        "a"
      ],
      "pair": [
        1,
        2
      ],
      "invented": 3,
      "stepped": 1,
      "tags": [
        "",
        ""
      ],
      "large": 5000000000_i64
    });
    let output = fal
        .endpoint("acme/required-values")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod text_rules_0_typed {
use fal_compiled::text_rules::endpoints::acme::text_rules::TextRulesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = TextRulesInput::new("xx");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod text_rules_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "length": "xx"
    });
    let output = fal
        .endpoint("acme/text-rules")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod tuples_0_typed {
use fal_compiled::tuples::endpoints::acme::tuples::TuplesInput;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = TuplesInput::new((String::from(""), 0));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod tuples_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "prefix_items": [
        "",
        0
      ]
    });
    let output = fal
        .endpoint("acme/tuples")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod type_names_0_typed {
use fal_compiled::type_names::endpoints::acme::type_names::{TypeNamesInput, VecInput};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = TypeNamesInput::new(VecInput::new(), "");
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod type_names_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "f_Vec": {},
      "file_url": ""
    });
    let output = fal
        .endpoint("acme/type-names")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod unions_0_typed {
use fal_compiled::unions::endpoints::acme::unions::{ByMembersChoice, UnionsInput, Wide};

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = UnionsInput::new(ByMembersChoice::Wide(Wide::new(0)));
    let output = fal
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

#[rustfmt::skip]
mod unions_0_untyped {
use serde_json::json;

#[tokio::main]
async fn main() -> fal_sdk::Result<()> {
    let fal = fal_sdk::Client::from_env()?; // FAL_KEY
    let input = json!({
      "by_members": {
        "a": 0
      }
    });
    let output = fal
        .endpoint("acme/unions")?
        .subscribe(input)
        .logs(true)
        .on_update(|update| println!("{update}"))
        .await?;
    println!("{output:#?}");
    Ok(())
}
}

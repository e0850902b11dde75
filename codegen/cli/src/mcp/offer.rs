//! The models that are offered as tools.

use super::files::Folders;
use crate::{Error, output::printable, run::schema::Options};
use fal_codegen::source::EndpointId;
use fal_sdk::{
    Client,
    platform::{Model, Price},
};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt::Write as _};

/// A model that is offered.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) id: EndpointId,
    pub(super) options: Options,
    pub(super) price: Option<Price>,
    /// The estimated cost of a call, from earlier calls of the model.
    pub(super) estimate: Option<f64>,
    pub(super) tool: Tool,
}

impl Offer {
    /// Creates the offers of models, with the catalog's descriptions and prices, as far as the catalog has them.
    ///
    /// # Errors
    ///
    /// If there is a budget, and the prices are in several currencies.
    pub(super) async fn of_models(
        client: &Client,
        models: Vec<(EndpointId, Options)>,
        folders: &Folders,
        budget: Option<f64>,
    ) -> Result<Vec<Self>, Error> {
        let ids: Vec<EndpointId> = models.iter().map(|(id, _)| id.clone()).collect();
        let ids: Vec<&str> = ids.iter().map(EndpointId::as_str).collect();
        let names = names(&ids);
        let listed = client
            .platform()
            .models()
            .endpoints(ids.iter().copied())
            .await;
        let listed = listed.map(|page| page.models).unwrap_or_default();
        let mut offers = Vec::new();
        for (id, options) in models {
            let price = client.platform().price(id.as_str()).await;
            let estimate = client.platform().estimate_calls([(id.as_str(), 1)]).await;
            let price = or_note(&id, price);
            let estimate = or_note(&id, estimate).map(|estimate| estimate.total_cost);
            let listing = listed.iter().find(|model| model.endpoint_id == id.as_str());
            let mut offer = Self {
                tool: Tool::new(names[id.as_str()].clone(), "", parameters(&options)),
                id,
                options,
                price,
                estimate,
            };
            offer.tool.description = Some(offer.describe(listing, folders, budget).into());
            offer.tool.title = listing.and_then(display_name);
            offer.tool.annotations = Some(ToolAnnotations::new().read_only(false).open_world(true));
            offers.push(offer);
        }
        if budget.is_some() {
            check_currencies(&offers)?;
        }
        Ok(offers)
    }

    fn describe(&self, listing: Option<&Model>, folders: &Folders, budget: Option<f64>) -> String {
        let metadata = listing.and_then(|model| model.metadata.as_ref());
        let category = metadata
            .and_then(|it| it.category.as_deref())
            .unwrap_or("generative");
        let mut text = format!("Runs the {} model {} of fal.ai. ", plain(category), self.id);
        let description = metadata.and_then(|it| it.description.as_deref());
        if let Some(description) = description.map(str::trim).filter(|it| !it.is_empty()) {
            let _ = write!(text, "{} ", plain(description));
        }
        let _ = match (&self.price, self.estimate) {
            (None, _) => write!(text, "Its price is not known. "),
            (Some(price), estimate) => {
                let _ = write!(
                    text,
                    "Each call costs money: {} {} per {}",
                    price.unit_price,
                    plain(&price.currency),
                    plain(&price.unit)
                );
                match estimate {
                    Some(cost) => write!(
                        text,
                        ", about {cost} per call (an estimate from earlier calls). "
                    ),
                    None => write!(text, ". "),
                }
            }
        };
        if let Some(budget) = budget {
            let _ = write!(
                text,
                "All calls of this session together may cost {budget}{}. ",
                self.price.as_ref().map_or(String::new(), |price| format!(
                    " {}",
                    plain(&price.currency)
                ))
            );
        }
        text + &folders.describe()
    }

    /// The expected cost of a call: the estimate from earlier calls, else the price of one unit.
    pub(super) fn expected(&self) -> Option<f64> {
        self.estimate
            .or_else(|| Some(self.price.as_ref()?.unit_price))
    }

    /// The cost of the billed units.
    pub(super) fn cost(&self, units: Option<f64>) -> Option<f64> {
        Some(units? * self.price.as_ref()?.unit_price)
    }
}

fn or_note<T>(id: &EndpointId, outcome: fal_sdk::Result<T>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(error) => {
            eprintln!("note: {id}: {error}");
            None
        }
    }
}

fn check_currencies(offers: &[Offer]) -> Result<(), Error> {
    let mut prices = offers.iter().filter_map(|offer| offer.price.as_ref());
    let Some(first) = prices.next() else {
        return Ok(());
    };
    match prices.find(|price| price.currency != first.currency) {
        None => Ok(()),
        Some(other) => Err(Error::new(format!(
            "a budget is in one currency, but {} is priced in {} and {} in {}",
            first.endpoint_id, first.currency, other.endpoint_id, other.currency
        ))
        .help("run a server for each currency, each with its own budget")),
    }
}

/// The JSON Schema of the tool's parameters: an object with the options of the model.
fn parameters(options: &Options) -> JsonObject {
    let schema = options.schema().and_then(Value::as_object).cloned();
    let mut schema = schema.unwrap_or_default();
    schema.insert("type".to_owned(), json!("object"));
    schema
}

fn display_name(model: &Model) -> Option<String> {
    let name = model.metadata.as_ref()?.display_name.as_deref()?;
    Some(plain(name))
}

/// A text of the catalog on one line, without control characters.
fn plain(text: &str) -> String {
    printable(text, 600)
}

/// The names of the tools: the ids with only those characters that all hosts accept, made unique.
fn names<'i>(ids: &[&'i str]) -> BTreeMap<&'i str, String> {
    const LONGEST: usize = 60;
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    for id in ids {
        let plain = |letter: char| match letter.is_ascii_alphanumeric() || letter == '-' {
            true => letter,
            false => '_',
        };
        let name: String = id.chars().map(plain).take(LONGEST).collect();
        let mut free = name.clone();
        let mut number = 1;
        while names.values().any(|known| *known == free) {
            number += 1;
            free = format!("{name}_{number}");
        }
        names.insert(id, free);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn every_model_has_a_name_of_its_own() {
        let long = format!("a/{}", "b".repeat(90));
        let ids = ["fal-ai/flux/dev", "fal-ai/flux_dev", "fal-ai/v1.5", &long];
        let names = names(&ids);
        assert_eq!(names["fal-ai/flux/dev"], "fal-ai_flux_dev");
        assert_eq!(names["fal-ai/flux_dev"], "fal-ai_flux_dev_2");
        assert_eq!(names["fal-ai/v1.5"], "fal-ai_v1_5");
        assert_eq!(names[long.as_str()].len(), 60);
    }
}

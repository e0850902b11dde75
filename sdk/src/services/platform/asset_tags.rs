//! The tags of the account's assets.

use reqwest::Method;
use serde_json::{Value, json};

use super::Platform;
use super::asset_ref::AssetRef;
use super::list::ListRequest;
use super::listing::listing;
use crate::object;
use crate::transport::error::Result;

/// The path of tags below `/v1`.
const TAGS: &str = "assets/tags";

listing! {
    /// The list of the tags of assets: see [`Platform::asset_tags`].
    AssetTagListing: "assets/tags",
    AssetTagPage {
        /// The tags.
        tags: AssetTag
    }
}

object! {
    /// A tag that assets of the account can have: see [`Platform::asset_tags`].
    #[derive(Eq)]
    pub struct AssetTag {
        /// The id of the tag.
        pub id: required String;
        /// The name of the tag.
        pub name: required String;
        /// When the tag was created, in RFC 3339.
        pub created_at: optional String;
    }
}

impl Platform {
    /// Lists the tags that the account's assets can have.
    pub fn asset_tags(&self) -> ListRequest<AssetTagListing> {
        ListRequest::new(&self.http)
    }

    /// Creates a tag for assets, with a name of 1 to 50 characters.
    ///
    /// # Errors
    /// When the name is empty or too long.
    pub async fn create_asset_tag(&self, name: impl AsRef<str>) -> Result<AssetTag> {
        let call = self.call(Method::POST, TAGS, &[])?;
        let body = json!({"name": name.as_ref()});
        call.json(&body).send_member("tag").await
    }

    /// Renames a tag of assets. The name has 1 to 50 characters.
    ///
    /// # Errors
    /// When there is no such tag, or the name is empty or too long.
    pub async fn rename_asset_tag(
        &self,
        tag_id: impl AsRef<str>,
        name: impl AsRef<str>,
    ) -> Result<AssetTag> {
        let call = self.call(Method::PATCH, TAGS, &[tag_id.as_ref()])?;
        let body = json!({"name": name.as_ref()});
        call.json(&body).send_member("tag").await
    }

    /// Deletes a tag of assets. The assets that have it are kept.
    ///
    /// # Errors
    /// When there is no such tag.
    pub async fn delete_asset_tag(&self, tag_id: impl AsRef<str>) -> Result<()> {
        let call = self.call(Method::DELETE, TAGS, &[tag_id.as_ref()])?;
        call.send_discarding_output().await
    }

    /// Returns the tags of an asset, given its id.
    ///
    /// # Errors
    /// When the account has no asset with this id.
    pub async fn tags_of_asset(&self, asset_id: impl AsRef<str>) -> Result<Vec<AssetTag>> {
        let call = self.call(Method::GET, "assets", &[asset_id.as_ref(), "tags"])?;
        call.send_member("tags").await
    }

    /// Replaces the tags of an asset with these, and returns them.
    ///
    /// # Errors
    /// When the account has no such asset or no such tag.
    pub async fn set_tags_of_asset(
        &self,
        asset: impl Into<AssetRef>,
        tag_ids: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<AssetTag>> {
        let mut body = asset.into().to_json();
        let ids = tag_ids.into_iter().map(|id| Value::String(id.into()));
        body["tag_ids"] = ids.collect();
        let call = self.call(Method::PUT, TAGS, &[])?;
        call.json(&body).send_member("tags").await
    }

    /// Adds a tag to an asset.
    ///
    /// # Errors
    /// When the account has no such asset or no such tag.
    pub async fn assign_asset_tag(
        &self,
        tag_id: impl AsRef<str>,
        asset: impl Into<AssetRef>,
    ) -> Result<()> {
        let call = self.call(Method::POST, TAGS, &[tag_id.as_ref(), "assign"])?;
        let body = asset.into().to_json();
        call.json(&body).send_discarding_output().await
    }

    /// Removes a tag from an asset.
    ///
    /// # Errors
    /// When the account has no such asset or no such tag.
    pub async fn unassign_asset_tag(
        &self,
        tag_id: impl AsRef<str>,
        asset: impl Into<AssetRef>,
    ) -> Result<()> {
        let call = self.call(Method::DELETE, TAGS, &[tag_id.as_ref(), "assign"])?;
        let body = asset.into().to_json();
        call.json(&body).send_discarding_output().await
    }
}

//! The account's assets: files that models made, and files that were added.

use reqwest::Method;
use serde_json::json;

use super::Platform;
use super::asset_ref::AssetRef;
use super::asset_tags::AssetTag;
use super::call::ApiCall;
use super::list::ListRequest;
use super::listing::listing;
use crate::transport::error::Result;
use crate::{open_enum, wire};

listing! {
    /// The list of the account's assets: see [`Platform::assets`].
    AssetListing: "assets",
    AssetPage {
        /// The assets.
        assets: Asset
    }
}

/// A file that a model made, or that was added.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Asset {
    /// The id of the asset. Absent for outputs that were never organized.
    pub asset_id: Option<String>,
    /// The id of the asset in the search.
    pub vector_id: String,
    /// The id of the request that made the file.
    pub request_id: Option<String>,
    /// The URL of the file.
    pub url: Option<String>,
    /// The kind of the file.
    pub kind: AssetType,
    /// The title.
    pub title: String,
    /// The id of the endpoint that made the file.
    pub endpoint: Option<String>,
    /// When the file was made, in RFC 3339.
    pub created_at: Option<String>,
    /// Where the file comes from.
    pub source: Option<String>,
    /// The prompt that it was made from.
    pub prompt: Option<String>,
    /// The width in pixels.
    pub width: Option<f64>,
    /// The height in pixels.
    pub height: Option<f64>,
    /// The media type.
    pub content_type: Option<String>,
    /// Whether the asset is marked as a favorite.
    pub is_favorited: bool,
    /// The ids of the collections that the asset is in.
    pub collection_ids: Vec<String>,
    /// The tags of the asset.
    pub tags: Vec<AssetTag>,
    /// How similar the file is to the one that was searched for.
    pub similarity: Option<f64>,
}

wire! {
    Asset {
        asset_id: optional,
        vector_id: required,
        request_id: optional,
        url: optional,
        kind = "type": required,
        title: required,
        endpoint: optional,
        created_at: optional,
        source: optional,
        prompt: optional,
        width: optional,
        height: optional,
        content_type: optional,
        is_favorited: required,
        collection_ids: required,
        tags: required,
        similarity: optional,
    }
}

open_enum! {
    /// The kinds of assets.
    pub enum AssetType: String {
        Image = "image",
        Video = "video",
        Audio = "audio",
        ThreeD = "3d",
    }
}

open_enum! {
    /// The parts that the account's assets are shown in.
    pub enum AssetSection: String {
        AllMedia = "all-media",
        Uploads = "uploads",
        Favorites = "favorites",
        Generated = "generated",
    }
}

impl ListRequest<AssetListing> {
    /// Lists only assets that these words describe.
    pub fn search(self, words: impl Into<String>) -> Self {
        self.set("q", words)
    }

    /// Lists assets that look like the image at a URL, the most similar first.
    pub fn like_image(self, url: impl Into<String>) -> Self {
        self.set("search_image_url", url)
    }

    /// Lists assets that look like the video at a URL, the most similar first.
    pub fn like_video(self, url: impl Into<String>) -> Self {
        self.set("search_video_url", url)
    }

    /// Lists only assets of a kind. Called more than once, it lists those of any of the kinds.
    pub fn media_type(self, kind: AssetType) -> Self {
        self.add("media_type", kind.as_str())
    }

    /// Lists only assets of a section.
    pub fn section(self, section: AssetSection) -> Self {
        self.set("section", section.as_str())
    }

    /// Lists only assets of a collection, given its id.
    pub fn collection(self, id: impl Into<String>) -> Self {
        self.set("collection_id", id)
    }

    /// Lists only assets with a tag, given its id. Called more than once, it lists those with
    /// any of the tags, or, with [`with_all_tags`](Self::with_all_tags), with all of them.
    pub fn tag(self, id: impl Into<String>) -> Self {
        self.add("tag_id", id)
    }

    /// Lists only assets that have all of the tags.
    pub fn with_all_tags(self) -> Self {
        self.set("tag_mode", "all")
    }

    /// Lists only assets that show a character, given its identifier. Called more than
    /// once, it names more of them.
    pub fn character(self, identifier: impl Into<String>) -> Self {
        self.add("character_identifier", identifier)
    }
}

/// Names the asset by its own id, or, if it has none yet, by that of the search.
impl From<&Asset> for AssetRef {
    fn from(asset: &Asset) -> Self {
        match &asset.asset_id {
            Some(id) => Self::Asset(id.clone()),
            None => Self::Vector(asset.vector_id.clone()),
        }
    }
}

impl Platform {
    /// Lists the account's assets.
    pub fn assets(&self) -> ListRequest<AssetListing> {
        ListRequest::new(&self.http)
    }

    /// Returns an asset.
    ///
    /// # Errors
    /// When the account has no asset with this id.
    pub async fn asset(&self, asset_id: impl AsRef<str>) -> Result<Asset> {
        let call = ApiCall::get(&self.http, "assets");
        let call = call.path_segments(&[asset_id.as_ref()])?;
        call.send_member("asset").await
    }

    /// Adds the file at a URL to the account's assets.
    ///
    /// # Errors
    /// When the platform cannot read the file.
    pub async fn add_asset(&self, url: impl Into<String>, kind: AssetType) -> Result<Asset> {
        let body = json!({"url": url.into(), "type": kind.as_str()});
        let call = ApiCall::new(&self.http, Method::POST, "assets/uploads");
        call.json(&body).idempotent().send_member("asset").await
    }

    /// Marks an asset as a favorite, or removes the mark.
    ///
    /// # Errors
    /// When the account has no such asset.
    pub async fn set_asset_favorite(
        &self,
        asset: impl Into<AssetRef>,
        is_favorite: bool,
    ) -> Result<()> {
        let path = match is_favorite {
            true => "assets/favorite",
            false => "assets/unfavorite",
        };
        let call = ApiCall::new(&self.http, Method::POST, path).json(&asset.into().to_json());
        call.idempotent().send_discarding_output().await
    }
}

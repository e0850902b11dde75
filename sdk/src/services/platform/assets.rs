//! The account's assets: files that models made, and files that the account added.

use reqwest::Method;
use serde_json::json;

use super::Platform;
use super::asset_ref::AssetRef;
use super::asset_tags::AssetTag;
use super::list::ListRequest;
use super::listing::{filters, listing};
use crate::transport::error::Result;
use crate::{object, open_enum};

listing! {
    /// The list of the account's assets: see [`Platform::assets`].
    AssetListing: "assets",
    AssetPage {
        /// The assets.
        assets: Asset
    }
}

object! {
    /// A file in the account's library, which a model made or the account added: see
    /// [`Platform::assets`].
    pub struct Asset {
        /// The id of the asset. Absent for an output that is not saved as an asset: see
        /// [`AssetRef`].
        pub asset_id: optional String;
        /// The id of the file in the search index.
        pub vector_id: required String;
        /// The id of the request that made the file.
        pub request_id: optional String;
        /// The URL of the file.
        pub url: optional String;
        /// The kind of the file, such as an image.
        pub kind: required AssetType, name "type";
        /// The title of the file.
        pub title: required String;
        /// The id of the endpoint that made the file.
        pub endpoint: optional String;
        /// When the file was made, in RFC 3339.
        pub created_at: optional String;
        /// The source that the file comes from.
        pub source: optional String;
        /// The prompt that the file was made from, or its description.
        pub prompt: optional String;
        /// The width in pixels.
        pub width: optional f64;
        /// The height in pixels.
        pub height: optional f64;
        /// The media type, such as `image/png`.
        pub content_type: optional String;
        /// Whether the asset is marked as a favorite.
        pub is_favorited: required bool;
        /// The ids of the collections that the asset is in.
        pub collection_ids: required Vec<String>;
        /// The tags of the asset.
        pub tags: required Vec<AssetTag>;
        /// How similar the file is to what was searched for, from 0 to 1. Present in the results
        /// of a search.
        pub similarity: optional f64;
    }
}

open_enum! {
    /// The kind of an asset.
    pub enum AssetType: String {
        Image = "image",
        Video = "video",
        Audio = "audio",
        ThreeD = "3d",
    }
}

open_enum! {
    /// A section of the account's library of assets.
    pub enum AssetSection: String {
        AllMedia = "all-media",
        Uploads = "uploads",
        Favorites = "favorites",
        Generated = "generated",
    }
}

filters! {
    AssetListing {
        /// Lists only assets that match these words, by a semantic search.
        search(words) => set "q";
        /// Lists assets that look like an image, the most similar first. The image is given by
        /// its URL, which must be at fal.
        like_image(url) => set "search_image_url";
        /// Lists assets that look like a video, the most similar first. The video is given by its
        /// URL, which must be at fal.
        like_video(url) => set "search_video_url";
        /// Lists only assets of a kind. Called more than once, it lists the assets of all the
        /// given kinds.
        media_type(kind: AssetType) => add "media_type";
        /// Lists only assets of a section of the library.
        section(section: AssetSection) => set "section";
        /// Lists only assets of a collection, given its id.
        collection(id) => set "collection_id";
        /// Lists only assets with a tag, given its id. Called more than once, it lists the assets
        /// with at least one of the tags, or, with [`with_all_tags`](Self::with_all_tags), those
        /// with every one of them.
        tag(id) => add "tag_id";
        /// Lists only assets that have every [`tag`](Self::tag) that is set.
        with_all_tags() => set "tag_mode" = "all";
        /// Lists only assets that show a character, given its identifier
        /// ([`Character::character_identifier`](super::Character)). It can be called for several
        /// characters.
        character(identifier) => add "character_identifier";
    }
}

/// Refers to the asset by its own id, or, if it has none yet, by its id in the search index.
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

    /// Returns an asset of the account, given its id.
    ///
    /// # Errors
    /// When the account has no asset with this id.
    pub async fn asset(&self, asset_id: impl AsRef<str>) -> Result<Asset> {
        let call = self.call(Method::GET, "assets", &[asset_id.as_ref()])?;
        call.send_member("asset").await
    }

    /// Adds the file at a URL to the account's assets.
    ///
    /// # Errors
    /// When the platform cannot read the file.
    pub async fn add_asset(&self, url: impl Into<String>, kind: AssetType) -> Result<Asset> {
        let body = json!({"url": url.into(), "type": kind.as_str()});
        let call = self.call(Method::POST, "assets/uploads", &[])?;
        call.json(&body).send_member("asset").await
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
        let call = self.call(Method::POST, path, &[])?;
        let body = asset.into().to_json();
        call.json(&body).send_discarding_output().await
    }
}

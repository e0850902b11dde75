//! The collections of the account's assets.

use reqwest::Method;
use serde_json::{Value, json};

use super::Platform;
use super::asset_ref::AssetRef;
use super::assets::AssetListing;
use super::list::ListRequest;
use super::listing::offset_listing;
use super::parameters::fields;
use crate::transport::error::Result;
use crate::{object, open_enum};

/// The path of collections below `/v1`.
const COLLECTIONS: &str = "assets/collections";

offset_listing! {
    /// The list of the account's collections: see [`Platform::collections`].
    CollectionListing: "assets/collections",
    CollectionPage {
        /// The collections.
        collections: Collection
    }
}

object! {
    /// A collection of the account's assets: see [`Platform::collections`].
    pub struct Collection {
        /// The id of the collection.
        pub id: required String;
        /// The type of the collection, which decides what assets are in it.
        pub kind: required CollectionType, name "type";
        /// The name of the collection.
        pub name: required String;
        /// What the collection is about.
        pub description: optional String;
        /// The icon with which the collection is shown.
        pub icon: optional String;
        /// The color in which the collection is shown.
        pub color: optional String;
        /// The URL of the image that is shown for the collection.
        pub cover_image_url: optional String;
        /// The identifier of the character, in a collection of the type
        /// [`CollectionType::Character`].
        pub character_identifier: optional String;
        /// The id of the collection that contains this one, if it is not at the top level.
        pub parent_collection_id: optional String;
        /// Whether the collection is marked as a favorite.
        pub is_favorited: required bool;
        /// The filters that select the assets, in a collection of the type
        /// [`CollectionType::Smart`].
        pub filters: optional Value;
        /// The number of assets in the collection. Absent if filters select them.
        pub asset_count: optional f64;
        /// When the collection was created, in RFC 3339.
        pub created_at: required String;
        /// When the collection was last changed, in RFC 3339.
        pub updated_at: required String;
    }
}

open_enum! {
    /// The type of a collection, which decides what assets are in it.
    pub enum CollectionType: String {
        /// Assets that were added to the collection.
        Manual = "manual",
        /// Assets that the collection's filters select.
        Smart = "smart",
        /// Assets that show a character.
        Character = "character",
    }
}

fields! {
    /// The fields of a collection for [`Platform::create_collection`] and
    /// [`Platform::update_collection`]. An update leaves fields that are not set as they are.
    CollectionFields {
        /// Sets the name, of up to 255 characters.
        name(name) => set "name";
        /// Sets the description of what the collection is about.
        description(text) => set "description";
        /// Sets the icon with which the collection is shown.
        icon(icon) => set "icon";
        /// Sets the color in which the collection is shown.
        color(color) => set "color";
        /// Sets the URL of the image that is shown for the collection. It must be at fal.
        cover_image_url(url) => set "cover_image_url";
        /// Sets the collection that contains a new one, given its id. An existing collection is
        /// moved with [`Platform::move_collection`].
        parent(collection_id) => set "parent_collection_id";
    }
}

impl CollectionFields {
    /// Sets the filters that select the assets of the collection, as JSON that fal's
    /// documentation describes.
    #[must_use]
    pub fn filters(self, filters: impl Into<Value>) -> Self {
        self.insert("filters", filters)
    }
}

impl Platform {
    /// Lists the account's collections.
    pub fn collections(&self) -> ListRequest<CollectionListing> {
        ListRequest::new(&self.http)
    }

    /// Returns a collection of the account, given its id.
    ///
    /// # Errors
    /// When the account has no collection with this id.
    pub async fn collection(&self, id: impl AsRef<str>) -> Result<Collection> {
        let call = self.call(Method::GET, COLLECTIONS, &[id.as_ref()])?;
        call.send_member("collection").await
    }

    /// Creates a collection, which needs a name.
    ///
    /// # Errors
    /// When the name is missing, or the platform refuses a field.
    pub async fn create_collection(&self, fields: CollectionFields) -> Result<Collection> {
        let call = self.call(Method::POST, COLLECTIONS, &[])?;
        call.json(&fields.into_json())
            .send_member("collection")
            .await
    }

    /// Changes the fields of a collection that are set.
    ///
    /// # Errors
    /// When the account has no collection with this id, or the platform refuses a field.
    pub async fn update_collection(
        &self,
        id: impl AsRef<str>,
        fields: CollectionFields,
    ) -> Result<Collection> {
        let call = self.call(Method::PATCH, COLLECTIONS, &[id.as_ref()])?;
        call.json(&fields.into_json())
            .send_member("collection")
            .await
    }

    /// Deletes a collection. The assets in it are kept.
    ///
    /// # Errors
    /// When the account has no collection with this id.
    pub async fn delete_collection(&self, id: impl AsRef<str>) -> Result<()> {
        let call = self.call(Method::DELETE, COLLECTIONS, &[id.as_ref()])?;
        call.send_discarding_output().await
    }

    /// Moves a collection into another one, or, if `parent_id` is `None`, to the top level.
    ///
    /// # Errors
    /// When the account has no collection with one of these ids.
    pub async fn move_collection(
        &self,
        id: impl AsRef<str>,
        parent_id: Option<&str>,
    ) -> Result<Collection> {
        let call = self.call(Method::POST, COLLECTIONS, &[id.as_ref(), "move"])?;
        let body = json!({"parent_collection_id": parent_id});
        call.json(&body).send_member("collection").await
    }

    /// Marks a collection as a favorite, or removes the mark.
    ///
    /// # Errors
    /// When the account has no collection with this id.
    pub async fn set_collection_favorite(
        &self,
        id: impl AsRef<str>,
        is_favorite: bool,
    ) -> Result<Collection> {
        let change = match is_favorite {
            true => "favorite",
            false => "unfavorite",
        };
        let call = self.call(Method::POST, COLLECTIONS, &[id.as_ref(), change])?;
        call.send_member("collection").await
    }

    /// Lists the assets in a collection, given its id.
    pub fn collection_assets(&self, id: impl AsRef<str>) -> ListRequest<AssetListing> {
        ListRequest::at(&self.http, COLLECTIONS, &[id.as_ref(), "assets"])
    }

    /// Adds an asset to a collection.
    ///
    /// # Errors
    /// When the account has no such collection or no such asset.
    pub async fn add_to_collection(
        &self,
        id: impl AsRef<str>,
        asset: impl Into<AssetRef>,
    ) -> Result<()> {
        let call = self.call(Method::POST, COLLECTIONS, &[id.as_ref(), "assets"])?;
        let body = asset.into().to_json();
        call.json(&body).send_discarding_output().await
    }

    /// Removes an asset from a collection. The asset itself is kept.
    ///
    /// # Errors
    /// When the account has no such collection or no such asset.
    pub async fn remove_from_collection(
        &self,
        id: impl AsRef<str>,
        asset: impl Into<AssetRef>,
    ) -> Result<()> {
        let call = self.call(Method::DELETE, COLLECTIONS, &[id.as_ref(), "assets"])?;
        let body = asset.into().to_json();
        call.json(&body).send_discarding_output().await
    }
}

//! The characters in the account's assets.

use reqwest::Method;
use serde_json::{Map, Value};

use super::Platform;
use super::call::ApiCall;
use super::list::ListRequest;
use super::listing::offset_listing;
use crate::object;
use crate::transport::error::Result;

/// The path of characters below `/v1`.
const CHARACTERS: &str = "assets/characters";

offset_listing! {
    /// The list of the account's characters: see [`Platform::characters`].
    CharacterListing: "assets/characters",
    CharacterPage {
        /// The characters.
        characters: Character
    }
}

object! {
    /// A person or figure that recurs in the account's assets, and is recognised by its
    /// reference images: see [`Platform::characters`].
    pub struct Character {
        /// The id of the character. It is also the id of the collection of the character's
        /// assets.
        pub id: required String;
        /// The name of the character.
        pub name: required String;
        /// What the character looks like.
        pub description: optional String;
        /// The identifier with which prompts mention the character.
        pub character_identifier: optional String;
        /// The URL of the image that is shown for the character.
        pub cover_image_url: optional String;
        /// The URLs of the images by which the character is recognised.
        pub reference_images: required Vec<String>;
        /// Whether the character is marked as a favorite.
        pub is_favorited: required bool;
        /// When the character was created, in RFC 3339.
        pub created_at: required String;
        /// When the character was last changed, in RFC 3339.
        pub updated_at: required String;
    }
}

/// The fields of a character for [`Platform::create_character`] and
/// [`Platform::update_character`]. An update leaves fields that are not set as they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CharacterFields(Map<String, Value>);

impl CharacterFields {
    /// Creates an empty set of fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name, of up to 255 characters.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.set("name", name.into())
    }

    /// Sets the identifier with which prompts mention a new character. It has up to 64
    /// characters and cannot be changed later.
    #[must_use]
    pub fn identifier(self, identifier: impl Into<String>) -> Self {
        self.set("identifier", identifier.into())
    }

    /// Sets the description of what the character looks like, in up to 2,000 characters.
    #[must_use]
    pub fn description(self, text: impl Into<String>) -> Self {
        self.set("description", text.into())
    }

    /// Sets the URLs of the 1 to 20 images by which the character is recognised.
    #[must_use]
    pub fn reference_images(self, images: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let images: Vec<String> = images.into_iter().map(Into::into).collect();
        self.set("reference_images", images)
    }

    /// Sets the URL of the image that is shown for the character. It must be at fal.
    #[must_use]
    pub fn cover_image_url(self, url: impl Into<String>) -> Self {
        self.set("cover_image_url", url.into())
    }

    fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

impl Platform {
    /// Lists the account's characters.
    pub fn characters(&self) -> ListRequest<CharacterListing> {
        ListRequest::new(&self.http)
    }

    /// Returns a character of the account, given its id.
    ///
    /// # Errors
    /// When the account has no character with this id.
    pub async fn character(&self, id: impl AsRef<str>) -> Result<Character> {
        let call = ApiCall::get(&self.http, CHARACTERS).path_segments(&[id.as_ref()])?;
        call.send_member("character").await
    }

    /// Creates a character, which needs a name, a description and reference images.
    ///
    /// # Errors
    /// When one of these fields is missing, or the platform refuses a field.
    pub async fn create_character(&self, fields: CharacterFields) -> Result<Character> {
        let call = ApiCall::new(&self.http, Method::POST, CHARACTERS).idempotent();
        call.json(&Value::Object(fields.0))
            .send_member("character")
            .await
    }

    /// Changes the fields of a character that are set.
    ///
    /// # Errors
    /// When the account has no character with this id, or the platform refuses a field.
    pub async fn update_character(
        &self,
        id: impl AsRef<str>,
        fields: CharacterFields,
    ) -> Result<Character> {
        let call = ApiCall::new(&self.http, Method::PATCH, CHARACTERS).idempotent();
        let call = call.path_segments(&[id.as_ref()])?;
        call.json(&Value::Object(fields.0))
            .send_member("character")
            .await
    }

    /// Deletes a character. The assets that show it are kept.
    ///
    /// # Errors
    /// When the account has no character with this id.
    pub async fn delete_character(&self, id: impl AsRef<str>) -> Result<()> {
        let call = ApiCall::new(&self.http, Method::DELETE, CHARACTERS).idempotent();
        let call = call.path_segments(&[id.as_ref()])?;
        call.send_discarding_output().await
    }

    /// Marks a character as a favorite, or removes the mark.
    ///
    /// # Errors
    /// When the account has no character with this id.
    pub async fn set_character_favorite(
        &self,
        id: impl AsRef<str>,
        is_favorite: bool,
    ) -> Result<Character> {
        let change = match is_favorite {
            true => "favorite",
            false => "unfavorite",
        };
        let call = ApiCall::new(&self.http, Method::POST, CHARACTERS).idempotent();
        let call = call.path_segments(&[id.as_ref(), change])?;
        call.send_member("character").await
    }
}

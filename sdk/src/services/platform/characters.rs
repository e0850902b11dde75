//! The characters in the account's assets.

use reqwest::Method;

use super::Platform;
use super::list::ListRequest;
use super::listing::offset_listing;
use super::parameters::fields;
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

fields! {
    /// The fields of a character for [`Platform::create_character`] and
    /// [`Platform::update_character`]. An update leaves fields that are not set as they are.
    CharacterFields {
        /// Sets the name, of up to 255 characters.
        name(name) => set "name";
        /// Sets the identifier with which prompts mention a new character. It has up to 64
        /// characters and cannot be changed later.
        identifier(identifier) => set "identifier";
        /// Sets the description of what the character looks like, in up to 2,000 characters.
        description(text) => set "description";
        /// Sets the URL of the image that is shown for the character. It must be at fal.
        cover_image_url(url) => set "cover_image_url";
    }
}

impl CharacterFields {
    /// Sets the URLs of the 1 to 20 images by which the character is recognised.
    #[must_use]
    pub fn reference_images(self, images: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let images: Vec<String> = images.into_iter().map(Into::into).collect();
        self.insert("reference_images", images)
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
        let call = self.call(Method::GET, CHARACTERS, &[id.as_ref()])?;
        call.send_member("character").await
    }

    /// Creates a character, which needs a name, a description and reference images.
    ///
    /// # Errors
    /// When one of these fields is missing, or the platform refuses a field.
    pub async fn create_character(&self, fields: CharacterFields) -> Result<Character> {
        let call = self.call(Method::POST, CHARACTERS, &[])?;
        call.json(&fields.into_json())
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
        let call = self.call(Method::PATCH, CHARACTERS, &[id.as_ref()])?;
        call.json(&fields.into_json())
            .send_member("character")
            .await
    }

    /// Deletes a character. The assets that show it are kept.
    ///
    /// # Errors
    /// When the account has no character with this id.
    pub async fn delete_character(&self, id: impl AsRef<str>) -> Result<()> {
        let call = self.call(Method::DELETE, CHARACTERS, &[id.as_ref()])?;
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
        let call = self.call(Method::POST, CHARACTERS, &[id.as_ref(), change])?;
        call.send_member("character").await
    }
}

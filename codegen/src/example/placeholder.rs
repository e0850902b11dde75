//! Texts for examples where a document gives none. Each is named after its field.

use crate::prose::words;

/// Extensions of file names, each with the words that mean such files.
const ENDINGS: &[(&str, &[&str])] = &[
    (".zip", &["archive", "archives", "zip"]),
    (".mp4", &["video", "videos"]),
    (".mp3", &["audio", "audios", "music", "song", "speech"]),
    (".safetensors", &["lora", "loras", "weights"]),
    (
        ".png",
        &[
            "image", "images", "mask", "masks", "photo", "photos", "picture",
        ],
    ),
];

/// A text for a field: a URL for media and other URLs, otherwise the words of the field's name.
pub(super) fn text(field: &str, description: &str, is_media: bool) -> String {
    let (mut name, said) = (ascii_words(field), ascii_words(description));
    let is_url = |word: &String| matches!(word.as_str(), "url" | "urls");
    if !is_media && !name.iter().chain(said.first()).any(is_url) {
        return name.join(" ");
    }
    name.retain(|word| !is_url(word) && word != "path");
    address(&name, &said)
}

/// A URL that is named after the file: `https://example.com/image.png`.
fn address(name: &[String], said: &[String]) -> String {
    let ending = |words: &[String]| {
        let speaks = |kind: &&str| words.iter().any(|word| word == kind);
        let found = ENDINGS.iter().find(|(_, kinds)| kinds.iter().any(speaks));
        found.map(|(ending, _)| *ending)
    };
    // An archive is described by what is in it, too.
    let archive = ending(said).filter(|ending| *ending == ENDINGS[0].0);
    let ending = archive.or_else(|| ending(name)).or_else(|| ending(said));
    let name = match name {
        [] => "file".to_owned(),
        [first @ .., last] => {
            let one = last.strip_suffix('s').filter(|one| is_kind(one));
            let words = first.iter().map(String::as_str);
            words
                .chain([one.unwrap_or(last)])
                .collect::<Vec<_>>()
                .join("_")
        }
    };
    format!("https://example.com/{name}{}", ending.unwrap_or_default())
}

/// Whether a word names a kind of file.
fn is_kind(word: &str) -> bool {
    word == "file" || ENDINGS.iter().any(|(_, kinds)| kinds.contains(&word))
}

/// The words of a text in ASCII, as URLs need it.
fn ascii_words(text: &str) -> Vec<String> {
    words(&text.replace(|c: char| !c.is_ascii(), " "))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn addresses_end_as_what_stands_there() {
        let archive = "URL to zip archive with images of a style.";
        for (field, description, expected) in [
            ("image_url", "", "image.png"),
            ("image_urls", "URLs of images.", "image.png"),
            ("images_data_url", archive, "images_data.zip"),
            ("media_url", "A video or audio file.", "media.mp4"),
            ("embedding_files_urls", "", "embedding_file"),
            ("driving_audio_url", "", "driving_audio.mp3"),
            ("url", "The mask.", "file.png"),
            ("url", "", "file"),
            (
                "path",
                "URL or the path to the LoRA weights.",
                "file.safetensors",
            ),
        ] {
            let expected = format!("https://example.com/{expected}");
            assert_eq!(text(field, description, true), expected);
        }
    }

    #[test]
    fn texts_are_the_words_of_a_name() {
        assert_eq!(text("system_prompt", "", false), "system prompt");
        assert_eq!(text("path", "The path to the weights.", false), "path");
        assert_eq!(
            text("path", "URL or the path to the weights.", false),
            "https://example.com/file.safetensors"
        );
        assert_eq!(
            text("callback_url", "", false),
            "https://example.com/callback"
        );
    }
}

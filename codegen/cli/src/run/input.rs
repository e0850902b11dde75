//! The input of a call, from a JSON object and the options of the command line.

use super::{
    schema::{Options, pointer},
    upload::{LocalFile, PENDING},
};
use crate::Error;
use serde_json::{Map, Value};
use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

/// An input, and the files to upload for it.
#[derive(Debug)]
pub(super) struct Input {
    /// The input, with placeholders where the URLs of files belong.
    pub(super) value: Value,
    /// The files to upload, and the positions of their URLs.
    pub(super) uploads: Vec<LocalFile>,
}

impl Input {
    /// Reads the input and the options, and checks them.
    ///
    /// # Errors
    ///
    /// If the input does not match the schema, or a file does not exist.
    pub(super) fn read(
        file: Option<&Path>,
        options: &[String],
        schema: &Options,
    ) -> Result<Self, Error> {
        let members = match file {
            Some(file) => object(file)?,
            None => Map::new(),
        };
        let input = Self::with_options(members, options, schema)?;
        schema.check(&input.value)?;
        Ok(input)
    }

    fn with_options(
        mut members: Map<String, Value>,
        options: &[String],
        schema: &Options,
    ) -> Result<Self, Error> {
        let mut uploads = Vec::new();
        for (key, texts) in grouped(options)? {
            schema.find(key)?;
            let (mut items, mut files) = (Vec::new(), Vec::new());
            for text in &texts {
                let file = file_of(text)?;
                items.push(match file {
                    Some(_) => Value::from(PENDING),
                    None => item(text, key, schema, texts.len() > 1),
                });
                files.push(file);
            }
            let is_list = items.len() > 1
                || !schema.is_valid(key, &items[0]) && {
                    schema.is_valid(key, &Value::Array(items.clone()))
                };
            let pointer = pointer(key);
            for (index, file) in files.into_iter().enumerate() {
                uploads.extend(file.map(|path| LocalFile {
                    pointer: match is_list {
                        true => format!("{pointer}/{index}"),
                        false => pointer.clone(),
                    },
                    path,
                }));
            }
            let value = match is_list {
                true => Value::Array(items),
                false => items.swap_remove(0),
            };
            members.insert(key.to_owned(), value);
        }
        Ok(Self {
            value: Value::Object(members),
            uploads,
        })
    }
}

/// The values of each key, in the order of the command line.
fn grouped(options: &[String]) -> Result<Vec<(&str, Vec<&str>)>, Error> {
    let mut grouped: Vec<(&str, Vec<&str>)> = Vec::new();
    for option in options {
        let (key, value) = option.split_once('=').ok_or_else(|| {
            Error::new(format!("{option:?} is not an option of the model"))
                .help("write options as key=value, such as prompt=\"a lighthouse\"")
        })?;
        match grouped.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.push(value),
            None => grouped.push((key, vec![value])),
        }
    }
    Ok(grouped)
}

/// The file that `@FILE` names.
fn file_of(text: &str) -> Result<Option<PathBuf>, Error> {
    let Some(path) = text.strip_prefix('@').filter(|rest| !rest.starts_with('@')) else {
        return Ok(None);
    };
    let path = PathBuf::from(path);
    match fs::metadata(&path) {
        Ok(facts) if facts.is_file() => Ok(Some(path)),
        Ok(_) => Err(Error::new(format!("{} is not a file", path.display()))
            .help("give a file after @, or write @@ for a text that starts with @")),
        Err(error) => Err(Error::file("read", &path, &error)),
    }
}

/// Converts a value as the schema requires: to JSON if that is valid, else to text. If the option was given more than once, the
/// value is one of many items of a list.
fn item(text: &str, option: &str, schema: &Options, is_one_of_many: bool) -> Value {
    let plain = match text.strip_prefix("@@") {
        Some(rest) => Value::from(format!("@{rest}")),
        None => Value::from(text),
    };
    let Ok(json) = serde_json::from_str::<Value>(text) else {
        return plain;
    };
    let fits = |value: &Value| match is_one_of_many {
        true => schema.is_valid(option, &Value::Array(vec![value.clone()])),
        false => schema.is_valid(option, value),
    };
    let of_list = |value: &Value| schema.is_valid(option, &Value::Array(vec![value.clone()]));
    match (fits(&json), fits(&plain)) {
        (true, _) => json,
        (false, true) => plain,
        // Neither is valid: the error is about the one that is closer to the schema.
        (false, false) if of_list(&plain) && !of_list(&json) => plain,
        (false, false) => json,
    }
}

/// The object in a file, or on standard input.
fn object(file: &Path) -> Result<Map<String, Value>, Error> {
    let text = match file == Path::new("-") {
        true => {
            let mut text = String::new();
            let read = std::io::stdin().read_to_string(&mut text);
            read.map(|_| text)
                .map_err(|error| Error::new(format!("cannot read standard input: {error}")))?
        }
        false => fs::read_to_string(file).map_err(|error| Error::file("read", file, &error))?,
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(
            Error::new(format!("{} does not hold a JSON object", file.display()))
                .help("write the options of the model as {\"key\": value, …}"),
        ),
        Err(error) => Err(
            Error::new(format!("{} is not JSON: {error}", file.display()))
                .help("correct it; the line and the column are those of the file"),
        ),
    }
}

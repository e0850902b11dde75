//! Files: uploads to the CDN, uploads by signed URLs, and downloads.

mod cdn_uploads;
mod downloads;
mod signed_uploads;

use hyper::StatusCode;
use serde_json::json;

use crate::{
    http::reply::{Answer, Reply, refusal},
    serve::{
        call::Call,
        context::Context,
        table::{Entry, rows},
    },
    store::files::PartsError,
};

pub(super) fn rows() -> Vec<Entry> {
    rows! {
        Rest, Key => {
            POST "/storage/auth/token" => StorageToken, Now(cdn_uploads::token);
            POST "/storage/upload/initiate" => StorageInitiate, Now(signed_uploads::initiate);
            POST "/storage/upload/initiate-multipart" => StorageInitiateMultipart, Now(signed_uploads::initiate);
        }
        Cdn, Open => {
            POST "/files/upload/multipart" => CdnMultipart, Now(cdn_uploads::begin);
            POST "/files/upload" => CdnUpload, Now(cdn_uploads::upload);
            POST "/files/{path..}/multipart/{upload}/complete" => CdnComplete, Now(cdn_uploads::complete);
            PUT "/files/{path..}/multipart/{upload}/{part}" => CdnPart, Now(cdn_uploads::part);
            GET "/files/{path..}" => Download, Now(downloads::download);
            HEAD "/files/{path..}" => Download, Now(downloads::download);
            POST "/uploads/{upload}/complete" => SignedComplete, Now(signed_uploads::complete);
            PUT "/uploads/{upload}/{part}" => SignedPart, Now(signed_uploads::part);
            POST "/uploads/{upload}/{part}" => SignedPart, Now(signed_uploads::part_url);
            PUT "/uploads/{upload}" => SignedUpload, Now(signed_uploads::whole);
        }
    }
}

/// The path of a file: an id that cannot be guessed, and the letters, digits and the like of its name.
fn file_path(id: &str, name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last
        .chars()
        .map(|letter| if plain(letter) { letter } else { '_' })
        .collect();
    format!("b/{}/{}_{name}", &id[..8], &id[8..])
}

/// Refuses a body that was not received completely.
fn check_complete(call: &Call) -> Result<(), Box<Reply>> {
    let is_complete = call.body.complete.then_some(());
    is_complete.ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "The body is incomplete"))
}

/// Stores a part. Clients read its entity tag from the body or from the header.
fn store_part(context: &Context, call: &Call, id: &str) -> Answer {
    let number = number(call)?;
    check_complete(call)?;
    let etag = context.stores.files.add_part(id, number, call.body.clone());
    let etag = etag.ok_or_else(|| refused(&PartsError::NoUpload))?;
    let body = json!({ "partNumber": number, "etag": etag });
    Ok(Reply::json(StatusCode::OK, &body).with("etag", &etag))
}

/// The number of a part, from 1 to 10,000.
fn number(call: &Call) -> Result<u32, Box<Reply>> {
    let number = call
        .param("part")
        .parse()
        .ok()
        .filter(|number| (1..=10_000).contains(number));
    number.ok_or_else(|| refusal(StatusCode::BAD_REQUEST, "Part numbers go from 1 to 10000"))
}

fn refused(error: &PartsError) -> Box<Reply> {
    let status = match error {
        PartsError::NoUpload => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    };
    refusal(status, &error.to_string())
}

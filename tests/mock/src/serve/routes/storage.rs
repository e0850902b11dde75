//! Files: uploads to the CDN, uploads by signed URLs, and downloads.

mod cdn_uploads;
mod downloads;
mod signed_uploads;

use hyper::StatusCode;
use serde_json::json;

use crate::{
    http::reply::{Answer, Reply, refusal},
    protocol::{host::Host, route::Route},
    serve::{
        access::Access,
        call::Call,
        context::Context,
        table::{
            Rows,
            method::{GET, HEAD, POST, PUT},
        },
    },
    store::files::PartsError,
};

pub(super) fn rows() -> Rows {
    let initiate = "/storage/upload/initiate";
    let initiate_multipart = "/storage/upload/initiate-multipart";
    let cdn_part = "/files/{path..}/multipart/{upload}/{part}";
    let cdn_complete = "/files/{path..}/multipart/{upload}/complete";
    let (file, signed, part) = (
        "/files/{path..}",
        "/uploads/{upload}",
        "/uploads/{upload}/{part}",
    );
    let complete = "/uploads/{upload}/complete";
    Rows::new(Host::Rest, Access::Key)
        .now(
            POST,
            "/storage/auth/token",
            Route::StorageToken,
            cdn_uploads::token,
        )
        .now(
            POST,
            initiate,
            Route::StorageInitiate,
            signed_uploads::initiate,
        )
        .now(
            POST,
            initiate_multipart,
            Route::StorageInitiateMultipart,
            signed_uploads::initiate,
        )
        .next(Host::Cdn, Access::Open)
        .now(
            POST,
            "/files/upload/multipart",
            Route::CdnMultipart,
            cdn_uploads::begin,
        )
        .now(POST, "/files/upload", Route::CdnUpload, cdn_uploads::upload)
        .now(
            POST,
            cdn_complete,
            Route::CdnComplete,
            cdn_uploads::complete,
        )
        .now(PUT, cdn_part, Route::CdnPart, cdn_uploads::part)
        .now(GET, file, Route::Download, downloads::download)
        .now(HEAD, file, Route::Download, downloads::download)
        .now(
            POST,
            complete,
            Route::SignedComplete,
            signed_uploads::complete,
        )
        .now(PUT, part, Route::SignedPart, signed_uploads::part)
        .now(POST, part, Route::SignedPart, signed_uploads::part_url)
        .now(PUT, signed, Route::SignedUpload, signed_uploads::whole)
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

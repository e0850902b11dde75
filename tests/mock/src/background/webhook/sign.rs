//! Signatures of webhooks (fal docs, `inference/webhooks`): Ed25519 over ids, time and the body's hash.

use std::{
    sync::LazyLock,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ed25519_compact::{KeyPair, Seed};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::WebhookPolicy;
use crate::script::WebhookScript;

/// The signing keys, which are those of the protocol's conformance vectors. They are public, and the same for every server.
static KEYS: LazyLock<[KeyPair; 2]> =
    LazyLock::new(|| SEEDS.map(|seed| KeyPair::from_seed(Seed::new(seed))));

const SEEDS: [[u8; 32]; 2] = [
    bytes(
        0xc062_ce1e_a6fa_42b4_4f89_f6ae_0faf_adba,
        0xcb24_91b4_1c3b_9f97_b421_4695_da5c_6069,
    ),
    bytes(
        0xe8ff_fa2a_7a42_696d_b1c0_1294_accd_c9c4,
        0x1237_70ff_359f_4138_3f86_0aba_8ddc_ba16,
    ),
];

const fn bytes(high: u128, low: u128) -> [u8; 32] {
    let (high, low) = (high.to_be_bytes(), low.to_be_bytes());
    let mut all = [0; 32];
    let mut at = 0;
    while at < 16 {
        all[at] = high[at];
        all[at + 16] = low[at];
        at += 1;
    }
    all
}

/// The public keys, as `/.well-known/jwks.json` serves them.
pub(crate) fn jwks() -> Value {
    let key = |(at, key): (usize, &KeyPair)| {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "kid": format!("mock-{}", at + 1),
            "x": BASE64_URL_SAFE_NO_PAD.encode(*key.pk),
        })
    };
    json!({ "keys": KEYS.iter().enumerate().map(key).collect::<Vec<_>>() })
}

/// The four headers of a signed delivery.
pub(super) fn headers(
    policy: &WebhookPolicy,
    id: &str,
    body: &[u8],
    script: &WebhookScript,
) -> Vec<(String, String)> {
    let time = (policy.signed_at.unwrap_or_else(now) - script.age_s).to_string();
    let signed: &[u8] = if script.bad_signature {
        b"something else"
    } else {
        body
    };
    let message = format!(
        "{id}\n{}\n{time}\n{}",
        policy.user_id,
        hex(&Sha256::digest(signed))
    );
    let key = &KEYS[script.key % KEYS.len()];
    let signature = hex(&*key.sk.sign(message, None));
    let header = |name: &str, value: &str| (format!("x-fal-webhook-{name}"), value.to_owned());
    vec![
        header("request-id", id),
        header("user-id", &policy.user_id),
        header("timestamp", &time),
        header("signature", &signature),
    ]
}

fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_first_case() {
        let keys = jwks();
        assert_eq!(
            keys["keys"][0]["x"],
            "snOZi7qtEko7-224f7btI8jBGl7XQIE_Lh_3sqEZlCw"
        );
        assert_eq!(
            keys["keys"][1]["x"],
            "IVs5Br3GmzPK8Nfxpu8ozxoDrTtddJjm5CjrDMjx8mM"
        );
        let policy = WebhookPolicy {
            signed_at: Some(1_752_019_770),
            ..WebhookPolicy::default()
        };
        let id = "5057fca7-0000-4000-8000-000000000001";
        let body = format!(
            "{{\"error\": null, \"gateway_request_id\": \"{id}\", \"payload\": {{\"prompt\": \"café\"}}, \
             \"request_id\": \"{id}\", \"status\": \"OK\"}}"
        );
        let headers = headers(&policy, id, body.as_bytes(), &WebhookScript::default());
        let signature = "a6ad3af85618b95a9972c1d84490b468b1244a98cf1fb7ea8546c183b58f2154\
                         ea8c98887d142d789fb6b64427231ddd19ea6559a7769dae79bf153f9feb770d";
        assert_eq!(headers[3].1, signature);
    }
}

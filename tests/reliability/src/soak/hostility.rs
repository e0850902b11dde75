//! What the server does to its callers.

use std::time::Duration;

use fal_mock::{CutAt, Fault, FaultHandle, Injection, MockServer, Route};

use super::World;

/// A fault that happens now and then.
pub(super) struct Aimed {
    name: &'static str,
    handle: FaultHandle,
}

impl Aimed {
    /// Its name, and how often it happened.
    pub(super) fn fired(&self) -> (String, u64) {
        (format!("fault: {}", self.name), self.handle.fired())
    }
}

/// The faults, each with the requests that it happens to now and then.
fn faults() -> Vec<(&'static str, Injection)> {
    let paid = |fault, chance| now_and_then(fault, chance, &[Route::Submit, Route::Run]);
    let reading = |fault, chance| {
        let routes = [Route::Status, Route::StatusStream, Route::Result];
        now_and_then(fault, chance, &routes)
    };
    let cut = |at| Fault::CutStream {
        frames: 1,
        at,
        clean: false,
    };
    let gzip = Fault::ContentEncoding {
        coding: "gzip".to_owned(),
    };
    let wrong = "nobody can read this".to_owned();
    let text = Fault::ContentType { value: wrong };
    vec![
        (
            "paid request answered with 502, carried out",
            paid(Fault::nginx(502), 0.01).handled(),
        ),
        (
            "paid request answered with 502, not carried out",
            paid(Fault::nginx(502), 0.01),
        ),
        (
            "paid request answered with 429",
            paid(Fault::too_many_requests(None), 0.03),
        ),
        (
            "reply to a paid request lost",
            paid(Fault::Drop, 0.02).handled(),
        ),
        ("paid request lost", paid(Fault::Drop, 0.01)),
        ("paid request refused unread", paid(Fault::Refuse, 0.01)),
        (
            "HTTP/2 stream of a paid request refused",
            paid(Fault::RefuseStream, 0.01),
        ),
        (
            "reply to a paid request cut off",
            paid(Fault::Truncate { keep: None }, 0.01),
        ),
        (
            "reply to a paid request malformed",
            paid(Fault::MalformedJson, 0.01),
        ),
        ("reply to a paid request compressed", paid(gzip, 0.005)),
        (
            "connection silent after a paid request",
            paid(Fault::Silence, 0.002).handled(),
        ),
        (
            "reading request answered with 503",
            reading(Fault::nginx(503), 0.03),
        ),
        (
            "reading request answered with 429",
            reading(Fault::too_many_requests(None), 0.01),
        ),
        ("reading request lost", reading(Fault::Drop, 0.02)),
        (
            "reading request's reply cut off",
            reading(Fault::Truncate { keep: None }, 0.02),
        ),
        (
            "reading request's reply with another id",
            reading(Fault::OtherRequestId, 0.03),
        ),
        (
            "reading request's reply of another type",
            reading(text, 0.02),
        ),
        (
            "connection silent after a reading request",
            reading(Fault::Silence, 0.002),
        ),
        ("reply stalled", reading(Fault::Stall { keep: None }, 0.001)),
        (
            "result not found yet",
            now_and_then(Fault::expired(), 0.02, &[Route::Result]),
        ),
        (
            "result answered with an app's 500",
            now_and_then(app_500(), 0.02, &[Route::Result]),
        ),
        (
            "status stream cut between frames",
            now_and_then(cut(CutAt::Frame), 0.05, &[Route::StatusStream]),
        ),
        (
            "status stream cut in a line",
            now_and_then(cut(CutAt::Line), 0.05, &[Route::StatusStream]),
        ),
        (
            "status stream cut in a character",
            now_and_then(cut(CutAt::Char), 0.05, &[Route::StatusStream]),
        ),
        (
            "status stream of comments only",
            now_and_then(
                Fault::OnlyComments { every_ms: 50 },
                0.02,
                &[Route::StatusStream],
            ),
        ),
        (
            "webhook keys answered with 503",
            now_and_then(Fault::nginx(503), 0.3, &[Route::Jwks]),
        ),
        (
            "connection closed at once",
            now_and_then(Fault::Drop, 0.01, &[Route::Connection]),
        ),
    ]
}

/// A fault that happens to requests of these routes, each time with this chance.
fn now_and_then(fault: Fault, chance: f64, routes: &[Route]) -> Injection {
    let injection = Injection::from(fault).always().chance(chance);
    routes
        .iter()
        .fold(injection, |injection, route| injection.on(*route))
}

fn app_500() -> Fault {
    Fault::json(
        500,
        serde_json::json!({ "detail": "Internal Server Error" }),
    )
}

/// Injects all of them.
pub(super) fn inject(server: &MockServer) -> Vec<Aimed> {
    let aimed = faults().into_iter().map(|(name, injection)| Aimed {
        name,
        handle: server.inject(injection),
    });
    aimed.collect()
}

/// Restarts the server now and then until the end; returns how often.
pub(super) async fn restart(world: &World) -> u64 {
    let mut random = fastrand::Rng::with_seed(world.settings.seed);
    let mut restarts = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(random.u64(2_000..8_000))).await;
        if world.is_over() {
            return restarts;
        }
        let down = Duration::from_millis(random.u64(20..1_200));
        world.server.restart(down).await;
        restarts += 1;
    }
}

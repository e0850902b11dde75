//! What the server does to its callers.

use std::time::Duration;

use fal_mock::{CutAt, Fault, FaultHandle, MockServer, Route};

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

const PAID: [Route; 2] = [Route::Submit, Route::Run];
const READING: [Route; 3] = [Route::Status, Route::StatusStream, Route::Result];

/// The faults, with their chance for each request.
fn faults() -> Vec<(&'static str, Fault, &'static [Route], f64, bool)> {
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
            Fault::nginx(502),
            &PAID,
            0.01,
            true,
        ),
        (
            "paid request answered with 502, not carried out",
            Fault::nginx(502),
            &PAID,
            0.01,
            false,
        ),
        (
            "paid request answered with 429",
            Fault::too_many_requests(None),
            &PAID,
            0.03,
            false,
        ),
        (
            "reply to a paid request lost",
            Fault::Drop,
            &PAID,
            0.02,
            true,
        ),
        ("paid request lost", Fault::Drop, &PAID, 0.01, false),
        (
            "paid request refused unread",
            Fault::Refuse,
            &PAID,
            0.01,
            false,
        ),
        (
            "HTTP/2 stream of a paid request refused",
            Fault::RefuseStream,
            &PAID,
            0.01,
            false,
        ),
        (
            "reply to a paid request cut off",
            Fault::Truncate { keep: None },
            &PAID,
            0.01,
            false,
        ),
        (
            "reply to a paid request malformed",
            Fault::MalformedJson,
            &PAID,
            0.01,
            false,
        ),
        (
            "reply to a paid request compressed",
            gzip,
            &PAID,
            0.005,
            false,
        ),
        (
            "connection silent after a paid request",
            Fault::Silence,
            &PAID,
            0.002,
            true,
        ),
        (
            "reading request answered with 503",
            Fault::nginx(503),
            &READING,
            0.03,
            false,
        ),
        (
            "reading request answered with 429",
            Fault::too_many_requests(None),
            &READING,
            0.01,
            false,
        ),
        ("reading request lost", Fault::Drop, &READING, 0.02, false),
        (
            "reading request's reply cut off",
            Fault::Truncate { keep: None },
            &READING,
            0.02,
            false,
        ),
        (
            "reading request's reply with another id",
            Fault::OtherRequestId,
            &READING,
            0.03,
            false,
        ),
        (
            "reading request's reply of another type",
            text,
            &READING,
            0.02,
            false,
        ),
        (
            "connection silent after a reading request",
            Fault::Silence,
            &READING,
            0.002,
            false,
        ),
        (
            "reply stalled",
            Fault::Stall { keep: None },
            &READING,
            0.001,
            false,
        ),
        (
            "result not found yet",
            Fault::expired(),
            &[Route::Result],
            0.02,
            false,
        ),
        (
            "result answered with an app's 500",
            app_500(),
            &[Route::Result],
            0.02,
            false,
        ),
        (
            "status stream cut between frames",
            cut(CutAt::Frame),
            &[Route::StatusStream],
            0.05,
            false,
        ),
        (
            "status stream cut in a line",
            cut(CutAt::Line),
            &[Route::StatusStream],
            0.05,
            false,
        ),
        (
            "status stream cut in a character",
            cut(CutAt::Char),
            &[Route::StatusStream],
            0.05,
            false,
        ),
        (
            "status stream of comments only",
            Fault::OnlyComments { every_ms: 50 },
            &[Route::StatusStream],
            0.02,
            false,
        ),
        (
            "webhook keys answered with 503",
            Fault::nginx(503),
            &[Route::Jwks],
            0.3,
            false,
        ),
        (
            "connection closed at once",
            Fault::Drop,
            &[Route::Connection],
            0.01,
            false,
        ),
    ]
}

fn app_500() -> Fault {
    Fault::json(
        500,
        serde_json::json!({ "detail": "Internal Server Error" }),
    )
}

/// Injects all of them.
pub(super) fn inject(server: &MockServer) -> Vec<Aimed> {
    let aimed = faults()
        .into_iter()
        .map(|(name, fault, routes, chance, handled)| {
            let mut injection = fal_mock::Injection::from(fault).always().chance(chance);
            for route in routes {
                injection = injection.on(*route);
            }
            if handled {
                injection = injection.handled();
            }
            let handle = server.inject(injection);
            Aimed { name, handle }
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

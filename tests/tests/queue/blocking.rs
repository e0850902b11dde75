use fal_mock::{MockServer, Route};
use fal_sdk::{ErrorKind, Priority, State, blocking};
use fal_tests::sample::{ENDPOINT, SampleInput, builder, output, script, server};
use serde_json::json;

/// A server on a runtime of its own, beside which the test has none.
struct Served {
    server: MockServer,
    _runtime: tokio::runtime::Runtime,
}

fn served() -> Served {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    Served {
        server: runtime.block_on(server(script().log("a line"))),
        _runtime: runtime,
    }
}

#[test]
fn calls_wait_without_a_runtime() {
    let served = served();
    let fal = blocking::Client::new(builder(&served.server).build().unwrap()).unwrap();
    assert_eq!(fal.run(SampleInput::new("a")).send().unwrap().seed, 42);
    let detailed = fal
        .subscribe(SampleInput::new("a"))
        .logs(true)
        .priority(Priority::Low)
        .send_detailed()
        .unwrap();
    assert_eq!(detailed.raw, output());
    let job = fal.submit(SampleInput::new("a")).send().unwrap();
    let updates: Vec<_> = job.updates().unwrap().map(Result::unwrap).collect();
    assert_eq!(updates.last().unwrap().status.state, State::Completed);
    assert_eq!(job.result().unwrap().seed, 42);
    assert_eq!(job.status().unwrap().logs[0].message, "a line");
    let again = fal.job::<SampleInput>(job.request_id()).unwrap();
    assert_eq!(again.raw_result().unwrap(), output());
    let untyped = fal.endpoint(ENDPOINT).unwrap();
    assert_eq!(untyped.run(json!({})).send().unwrap(), output());
    let sent = &served.server.requests_to(Route::Submit)[0];
    assert_eq!(sent.header("x-fal-queue-priority"), Some("low"));
}

/// Streams are iterators: those of models, and those of the platform API.
#[test]
fn streams_are_iterated_over() {
    let served = served();
    let outputs = [json!({"seed": 1}), json!({"seed": "?"}), output()];
    let script = script().stream(outputs, std::time::Duration::ZERO);
    served
        .server
        .script(ENDPOINT, script.header("x-fal-billable-units", "2"));
    let fal = blocking::Client::new(builder(&served.server).build().unwrap()).unwrap();
    let items = fal.stream(SampleInput::new("a")).send().unwrap();
    assert_eq!(items.stream().billable_units(), Some(2.0));
    let seeds: Vec<_> = items
        .map(|item| item.map(|output| output.seed).ok())
        .collect();
    assert_eq!(
        seeds.last(),
        Some(&Some(42)),
        "an output that does not decode ends nothing"
    );
    let untyped = fal
        .endpoint(ENDPOINT)
        .unwrap()
        .stream(json!({"prompt": "a"}));
    let idle = std::time::Duration::from_secs(5);
    assert_eq!(untyped.idle_timeout(idle).send().unwrap().count(), 3);
    let models = fal.iter(|fal| fal.platform().models().items());
    assert_eq!(models.map(Result::unwrap).count(), 0);
}

/// Storage, downloads and the platform are waited for as they are.
#[test]
fn what_surrounds_calls_is_waited_for() {
    let served = served();
    let fal = blocking::Client::new(builder(&served.server).build().unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film.mp4");
    std::fs::write(&film, "no real film").unwrap();
    let file = fal.wait(|fal| fal.storage().upload_file(&film)).unwrap();
    let bytes = fal.wait(|fal| fal.download(&file.url).bytes()).unwrap();
    assert_eq!(bytes, "no real film");
    let again = folder.path().join("again.mp4");
    let size = fal
        .wait(|fal| fal.download(&file.url).to_path(&again))
        .unwrap();
    assert_eq!((size, std::fs::read(&again).unwrap()), (12, bytes.to_vec()));
    let model = fal.wait(|fal| {
        let platform = fal.platform();
        async move { platform.model(ENDPOINT).await }
    });
    // The server has a script for the model, and no document.
    assert!(model.unwrap_err().is_not_found());
    let models = fal.wait(|fal| fal.platform().models().limit(1)).unwrap();
    assert_eq!(models.models.len(), 0);
    let input = SampleInput::new("a");
    let estimate = fal.wait(|fal| {
        let (fal, input) = (fal.clone(), input.clone());
        async move { fal.estimate(&input).await }
    });
    assert_eq!(estimate.unwrap().unwrap().currency, "USD");
    let missing = fal.wait(|fal| fal.storage().upload_file("no/such"));
    assert_eq!(missing.unwrap_err().kind(), ErrorKind::Io);
}

/// Neither a panic nor a deadlock, on any kind of runtime, and none on the way out.
#[test]
fn inside_a_runtime_it_is_an_error() {
    let served = served();
    let client = builder(&served.server).build().unwrap();
    for threads in [0, 2] {
        let runtime = match threads {
            0 => tokio::runtime::Builder::new_current_thread().build(),
            _ => tokio::runtime::Builder::new_multi_thread().build(),
        };
        runtime.unwrap().block_on(async {
            let fal = blocking::Client::new(client.clone()).unwrap();
            let error = fal.run(SampleInput::new("a")).send().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
            let job = fal.job::<SampleInput>("some-id").unwrap();
            assert_eq!(job.updates().unwrap().count(), 1);
            let mut models = fal.iter(|fal| fal.platform().models().items());
            assert_eq!(models.next().unwrap().unwrap_err().kind(), ErrorKind::Usage);
            assert!(models.next().is_none());
            drop(fal);
        });
    }
    assert_eq!(served.server.total(), 0);
}

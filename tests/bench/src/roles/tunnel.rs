//! An HTTP proxy that leads every host to one address, for a client whose hosts are fixed in its source.

use std::io::Write as _;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use super::serve::wait_for_end;
use crate::Outcome;

/// Tunnels until standard input ends; says where it listens on standard output.
pub async fn until_told(options: &Value) -> Outcome {
    let target = options["to"]
        .as_str()
        .ok_or("no address to lead to")?
        .to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!(
        "{}",
        json!({ "address": listener.local_addr()?.to_string() })
    );
    std::io::stdout().flush()?;
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let target = target.clone();
            tokio::spawn(async move {
                // A client that went away is no fault of the tunnel's.
                let _ = lead(client, &target).await;
            });
        }
    });
    wait_for_end().await?;
    Ok(Value::Null)
}

/// Reads the `CONNECT`, whatever it names, and passes on all that follows.
async fn lead(mut client: TcpStream, target: &str) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await?);
    }
    let mut server = TcpStream::connect(target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

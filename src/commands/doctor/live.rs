//! `groundswell doctor --live`: whether the server here answers at all. Made for container health checks,
//! so it needs no other program in the image, and neither a database nor a folder.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{commands::print, config::Config};

const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let address = reachable(config.listen);
    let told = match timeout(PATIENCE, ask(address)).await {
        Ok(Ok(true)) => return Ok(ExitCode::SUCCESS),
        Ok(Ok(false)) => format!("What listens on {address} is not Groundswell, or is not well."),
        Ok(Err(error)) => format!("Nothing answers on {address}: {error}."),
        Err(_) => format!("{address} does not answer within {} seconds.", PATIENCE.as_secs()),
    };
    print::problem(&told);
    Ok(ExitCode::FAILURE)
}

/// Where a server that listens on `listen` is reached from the same machine.
pub(super) fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// Whether Groundswell answers there, and well.
pub(super) async fn ask(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /livez HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(16 * 1024).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    Ok(answer.starts_with("http/1.1 200 ") && answer.contains("x-gw: 1"))
}

//! A person's picture: what is sent is never what is kept.

use std::io::{Cursor, Write as _};

use axum::http::Method;
use groundswell::accounts::profile::avatar;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::enter;
use crate::support::{Browser, Reply, TestApp, memory};

async fn upload(browser: &mut Browser, picture: &[u8]) -> Reply {
    let head = b"--edge\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"me.png\"\r\nContent-Type: image/png\r\n\r\n";
    let body = [head.as_slice(), picture, b"\r\n--edge--\r\n"].concat();
    let kind = [("content-type", "multipart/form-data; boundary=edge")];
    browser.send_bytes(Method::POST, "/account/avatar", &body, &kind).await
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn red(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_pixel(width, height, Rgb([200, 30, 30])).into()
}

/// A part of a PNG, with its length and its sum.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [kind.as_slice(), data].concat();
    let mut sum = u32::MAX;
    for byte in &named {
        sum = (0..8)
            .fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()));
    }
    [&u32::try_from(data.len()).unwrap().to_be_bytes(), named.as_slice(), &(!sum).to_be_bytes()].concat()
}

/// A few octets that say they are a picture of this size, with four octets a pixel.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let head = chunk(b"IHDR", &[size.as_slice(), &[8, 6, 0, 0, 0]].concat());
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &head,
        &chunk(b"IDAT", b"\x78\x9c\x03\0\0\0\0\x01"),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

/// The address of the picture on the profile page, if there is one.
async fn address(browser: &mut Browser) -> Option<String> {
    let page = browser.get("/account").await;
    let (_, rest) = page.body.split_once("src=\"/account/avatar/")?;
    Some(format!("/account/avatar/{}", rest.split('"').next()?))
}

#[tokio::test]
async fn a_picture_of_any_of_four_kinds_is_kept_as_a_small_square_and_nothing_of_what_was_beside_its_pixels()
{
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let mut picture = encoded(&red(900, 300), format);
        picture.extend(b"<script>alert(1)</script>");
        assert_eq!(upload(&mut olga, &picture).await.status, 303, "{format:?}");

        let at = address(&mut olga).await.expect("a picture");
        let kept: Vec<u8> = app.stored("select image from user_avatars").await;
        let square = image::load_from_memory_with_format(&kept, ImageFormat::Png).unwrap();
        assert_eq!((square.width(), square.height()), (256, 256));
        assert!(!kept.windows(7).any(|window| window == b"<script"));
        let reply = olga.get(&at).await;
        assert_eq!(
            (reply.header("content-type"), reply.header("x-content-type-options")),
            ("image/png", "nosniff")
        );
        assert_eq!(reply.header("cache-control"), "private, max-age=31536000, immutable");
    }
}

#[tokio::test]
async fn a_picture_that_cannot_be_compressed_is_kept_too() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let mut seed = 1_u32;
    let noise = RgbaImage::from_fn(256, 256, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgba((seed ^ (seed >> 16)).to_be_bytes())
    });

    assert_eq!(upload(&mut olga, &encoded(&noise.into(), ImageFormat::Png)).await.status, 303);
}

#[tokio::test]
async fn what_is_no_picture_or_would_burst_is_refused_in_words() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let cut = encoded(&red(400, 400), ImageFormat::Png)[..200].to_vec();

    for (sent, told) in [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "cannot read"),
        (b"%PDF-1.7".to_vec(), "cannot read"),
        (Vec::new(), "cannot read"),
        (cut, "cannot read"),
        (claiming(8_001, 1), "too large"),
        (claiming(7_000, 7_000), "too large"),
        (claiming(60_000, 60_000), "too large"),
    ] {
        let again = upload(&mut olga, &sent).await;
        assert!(again.status == 422 && again.text().contains(told), "{told}: {}", again.text());
    }
    assert_eq!(upload(&mut olga, &vec![0; 9 * 1024 * 1024]).await.status, 413);
}

/// A small picture beside whose pixels stands what unpacks to so many octets.
fn beside(kind: &[u8; 4], octets: usize) -> Vec<u8> {
    let picture = encoded(&red(8, 8), ImageFormat::Png);
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&vec![0; octets]).unwrap();
    let head: &[u8] = if kind == b"iTXt" { b"a\0\x01\0\0\0" } else { b"a\0\0" };
    let (start, rest) = picture.split_at(33);
    [start, &chunk(kind, &[head, &packed.finish().unwrap()].concat()), rest].concat()
}

/// One picture, again and again.
fn animated(frames: usize) -> Vec<u8> {
    let picture = encoded(&red(200, 200), ImageFormat::Gif);
    let from = picture.windows(3).position(|three| three == b"\x21\xf9\x04").unwrap();
    let (head, frame) = picture.split_at(from);
    [head, &frame.strip_suffix(b";").unwrap().repeat(frames), b";"].concat()
}

/// UPL-2: what unpacks to much beside the pixels, and pictures behind the first, are not looked at.
#[tokio::test]
async fn what_would_burst_beside_its_pixels_takes_little() {
    const INSIDE: &str = "GROUNDSWELL_TEST_PICTURE";
    if let Some(path) = std::env::var_os(INSIDE) {
        let sent = std::fs::read(path).unwrap();
        let (kept, took) = memory::peak(avatar::square(sent)).await;
        println!("\ntook|{took}|{}", kept.unwrap().is_ok());
        return;
    }
    let own_name = "accounts::pictures::what_would_burst_beside_its_pixels_takes_little";
    let path = std::env::temp_dir().join(format!("groundswell-picture-{}", std::process::id()));
    for (what, sent) in [
        ("text", beside(b"zTXt", 80 << 20)),
        ("text of the world", beside(b"iTXt", 80 << 20)),
        ("colours", beside(b"iCCP", 80 << 20)),
        ("ten thousand pictures", animated(10_000)),
        ("sixty thousand pixels a side", claiming(60_000, 60_000)),
    ] {
        std::fs::write(&path, sent).unwrap();
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", own_name, "--nocapture"])
            .env(INSIDE, &path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        let line = said
            .lines()
            .find_map(|line| line.strip_prefix("took|"))
            .unwrap_or_else(|| panic!("{what}: {said}"));
        let (took, is_kept) = line.split_once('|').unwrap();
        assert!(took.parse::<u64>().unwrap() <= memory::MOST, "{what}: {line}");
        // What is said of the text and the colours is thrown away with them; the first of many is a picture.
        assert!(is_kept == "true" || what.starts_with("sixty") || what == "colours", "{what}: {line}");
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_picture_is_shown_to_nobody_else_and_is_gone_when_removed() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    upload(&mut olga, &encoded(&red(300, 300), ImageFormat::Png)).await;
    let at = address(&mut olga).await.expect("a picture");

    assert_eq!(app.visitor().get(&at).await.status, 303);
    assert_eq!(enter(&app, "ian@initech.test").await.get(&at).await.status, 404);
    olga.post("/account/avatar/delete", "").await;
    assert_eq!(olga.get(&at).await.status, 404);
    assert_eq!(address(&mut olga).await, None);
}

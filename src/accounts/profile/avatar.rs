//! A person's picture: whatever was sent is decoded within limits and written anew, so that nothing but
//! its pixels is kept.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, imageops::FilterType, metadata::Orientation,
};
use tokio::sync::Semaphore;

use crate::web::Result as WebResult;

/// Width and height of what is kept.
const SIDE: u32 = 256;
/// A picture of more than this many pixels a side is refused before it is decoded.
const LARGEST_SIDE: u32 = 8_000;
/// Memory that decoding may take.
const MEMORY: u64 = 128 * 1024 * 1024;

/// The same for what stands beside the pixels of a PNG, such as its colours: it may be packed as well as they are.
const BESIDE: u64 = 8 * 1024 * 1024;

/// How many pictures are decoded at once: a crowd of uploads waits instead of eating the memory.
static DECODING: Semaphore = Semaphore::const_new(2);

const UNREADABLE: &str = "We cannot read that picture. Send a PNG, JPEG, GIF or WebP.";
const TOO_LARGE: &str = "That picture is too large. Send a smaller one, such as 4,000 by 4,000 pixels.";

/// A square PNG of what was sent, or what to tell the person who sent it.
pub async fn square(sent: Vec<u8>) -> WebResult<Result<Vec<u8>, &'static str>> {
    apart(move || square_now(&sent)).await
}

/// A PNG of what was sent, whole, within so many pixels; or what to tell the person who sent it.
pub async fn within(sent: Vec<u8>, (width, height): (u32, u32)) -> WebResult<Result<Vec<u8>, &'static str>> {
    apart(move || {
        let picture = read(&sent)?;
        let fits = picture.width() <= width && picture.height() <= height;
        written(&if fits { picture } else { picture.resize(width, height, FilterType::Triangle) })
    })
    .await
}

/// Decodes off the threads that answer requests, a few at a time.
async fn apart(
    make: impl FnOnce() -> Result<Vec<u8>, &'static str> + Send + 'static,
) -> WebResult<Result<Vec<u8>, &'static str>> {
    let permit = DECODING.acquire().await.map_err(anyhow::Error::from)?;
    let made = tokio::task::spawn_blocking(make).await.map_err(anyhow::Error::from)?;
    drop(permit);
    Ok(made)
}

fn square_now(sent: &[u8]) -> Result<Vec<u8>, &'static str> {
    written(&read(sent)?.resize_to_fill(SIDE, SIDE, FilterType::Triangle))
}

fn written(picture: &DynamicImage) -> Result<Vec<u8>, &'static str> {
    let mut png = Cursor::new(Vec::new());
    picture.to_rgba8().write_to(&mut png, ImageFormat::Png).map_err(|_| UNREADABLE)?;
    Ok(png.into_inner())
}

/// What was sent, decoded within the limits.
fn read(sent: &[u8]) -> Result<DynamicImage, &'static str> {
    let mut reader = ImageReader::new(Cursor::new(sent)).with_guessed_format().map_err(|_| UNREADABLE)?;
    let Some(format) = reader.format() else { return Err(UNREADABLE) };
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(if format == ImageFormat::Png { BESIDE } else { MEMORY });
    reader.limits(limits.clone());
    limits.max_alloc = Some(MEMORY);
    decode(reader, limits).map_err(|error| match error {
        image::ImageError::Limits(_) => TOO_LARGE,
        _ => UNREADABLE,
    })
}

/// The picture the right way up: cameras lay it on its side and say so in what is thrown away here.
fn decode(reader: ImageReader<Cursor<&[u8]>>, mut limits: Limits) -> image::ImageResult<DynamicImage> {
    let mut decoder = reader.into_decoder()?;
    // The decoder keeps to the limits for what it needs itself, not for what it gives.
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::{square_now as square, *};

    fn picture(width: u32, height: u32) -> Vec<u8> {
        let mut png = Cursor::new(Vec::new());
        image::RgbImage::new(width, height).write_to(&mut png, ImageFormat::Png).unwrap();
        png.into_inner()
    }

    #[test]
    fn any_picture_becomes_a_small_square() {
        let kept = square(&picture(640, 200)).unwrap();
        let kept = image::load_from_memory(&kept).unwrap();
        assert_eq!((kept.width(), kept.height()), (256, 256));
    }

    #[test]
    fn what_is_no_picture_and_what_is_too_large_are_refused() {
        assert!(square(b"<svg onload=alert(1)>").is_err());
        assert!(square(b"").is_err());
        let mut wide = picture(1, 1);
        // The width in the header says nine thousand; the checksum is not looked at before the limits.
        wide[16..20].copy_from_slice(&9_000u32.to_be_bytes());
        assert!(square(&wide).is_err());
    }
}

//! The pictures of a product: the first one is its `image_url`, the others follow it.

use super::input::MediaInput;
use super::product::Faults;
use serde::{Deserialize, Serialize};
use souk_core::text;

/// The most pictures of one product.
pub const MAX_PICTURES: usize = 50;
/// The most characters of an address.
pub const MAX_URL: usize = 2000;
/// The most characters of a description.
pub const MAX_ALT: usize = 300;

/// A picture that passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its address.
    pub url: String,
    /// What it shows; may be empty.
    pub alt: String,
}

/// Checks all pictures of a product, which must be some.
pub fn check_media(given: &[MediaInput], path: &str, faults: &mut Faults) -> Vec<Picture> {
    if given.is_empty() || given.len() > MAX_PICTURES {
        faults.add(format!("{path}media"), format!("must have 1 to {MAX_PICTURES} pictures"));
    }
    let picture = |(index, picture): (usize, &MediaInput)| Picture {
        url: check_url(&picture.url, 1, format!("{path}media[{index}].url"), faults),
        alt: faults.text(format!("{path}media[{index}].alt"), text::line(&picture.alt, 0, MAX_ALT)),
    };
    given.iter().take(MAX_PICTURES).enumerate().map(picture).collect()
}

/// Checks an address of at least `min` characters.
pub fn check_url(given: &str, min: usize, field: String, faults: &mut Faults) -> String {
    let before = faults.count();
    let url = faults.text(field.clone(), text::line(given, min, MAX_URL));
    if faults.count() == before && !is_image_url(&url) {
        faults.add(field, "must begin with https://, http:// or a single /");
    }
    url
}

fn is_image_url(url: &str) -> bool {
    let absolute = url.starts_with("https://") || url.starts_with("http://");
    let local = url.starts_with('/') && !url.starts_with("//");
    let odd = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | '\\');
    url.is_empty() || ((absolute || local) && !url.contains(odd))
}

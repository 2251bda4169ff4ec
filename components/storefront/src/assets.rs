//! The files of the built shop, and which of a file's encodings a caller gets.

/// A file of `frontend/dist`.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Its address, from the root.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Names this version of the file.
    pub etag: &'static str,
    /// As it is.
    pub plain: &'static [u8],
    /// Compressed with brotli, if that makes it smaller.
    pub br: Option<&'static [u8]>,
    /// Compressed with gzip, if that makes it smaller.
    pub gzip: Option<&'static [u8]>,
}

/// All files, sorted by path.
pub const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// How a body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// `gzip`.
    Gzip,
    /// `br`.
    Brotli,
}

impl Encoding {
    /// Its name in `Content-Encoding`, if it has one.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

impl Asset {
    /// The file at this address.
    pub fn find(path: &str) -> Option<&'static Self> {
        ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().and_then(|index| ASSETS.get(index))
    }

    /// The smallest body that the caller takes.
    pub fn body(&self, accept_encoding: &str) -> (Encoding, &'static [u8]) {
        let takes = |name| accepts(accept_encoding, name);
        match (self.br, self.gzip) {
            (Some(br), _) if takes("br") => (Encoding::Brotli, br),
            (_, Some(gzip)) if takes("gzip") => (Encoding::Gzip, gzip),
            _ => (Encoding::Identity, self.plain),
        }
    }

    /// Names this version of the file in this encoding.
    pub fn entity_tag(&self, encoding: Encoding) -> String {
        match encoding.name() {
            Some(name) => format!("\"{}-{name}\"", self.etag),
            None => format!("\"{}\"", self.etag),
        }
    }

    /// Whether the file is another when its content is: its name has a hash of it.
    pub fn is_hashed(&self) -> bool {
        self.path.starts_with("/assets/")
    }
}

/// Whether an `Accept-Encoding` takes `name`: by name or by `*`, and not with `q=0`.
fn accepts(accept_encoding: &str, name: &str) -> bool {
    let quality_of = |wanted: &str| {
        accept_encoding.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let coding = parts.next()?;
            coding.eq_ignore_ascii_case(wanted).then(|| {
                parts
                    .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
                    .map_or(Some(1.0), |value| value.trim().parse::<f32>().ok())
                    .unwrap_or(0.0)
            })
        })
    };
    quality_of(name).or_else(|| quality_of("*")).is_some_and(|quality| quality > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Asset = Asset {
        path: "/assets/x.js",
        content_type: "text/javascript; charset=utf-8",
        etag: "1",
        plain: b"plain",
        br: Some(b"br"),
        gzip: Some(b"gz"),
    };

    #[test]
    fn a_caller_gets_the_smallest_body_that_it_takes() {
        for (accept, encoding) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip, deflate", Encoding::Gzip),
            ("br;q=0, gzip;q=0.5", Encoding::Gzip),
            ("BR", Encoding::Brotli),
            ("*", Encoding::Brotli),
            ("*;q=0", Encoding::Identity),
            ("brotli, gzippy", Encoding::Identity),
            ("br;q=nonsense", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            assert_eq!(TEXT.body(accept).0, encoding, "{accept:?}");
        }
        let picture = Asset { br: None, gzip: None, ..TEXT };
        assert_eq!(picture.body("br, gzip"), (Encoding::Identity, b"plain".as_slice()));
    }

    #[test]
    fn each_encoding_has_an_entity_tag_of_its_own() {
        let tags = [Encoding::Identity, Encoding::Gzip, Encoding::Brotli].map(|encoding| TEXT.entity_tag(encoding));
        assert_eq!(tags, ["\"1\"", "\"1-gzip\"", "\"1-br\""]);
    }

    #[test]
    fn every_embedded_file_is_found_and_nothing_else_is() {
        assert!(ASSETS.is_sorted_by(|a, b| a.path < b.path));
        for asset in ASSETS {
            assert_eq!(Asset::find(asset.path).map(|found| found.etag), Some(asset.etag));
        }
        for path in ["/", "/assets/", "/assets/missing.js", "/.vite/manifest.json", "/../Cargo.toml", ""] {
            assert!(Asset::find(path).is_none(), "{path}");
        }
    }

    #[test]
    fn scripts_and_styles_are_embedded_compressed() {
        for asset in ASSETS.iter().filter(|asset| asset.plain.len() > 2_000) {
            let is_text = ["text/", "image/svg"].iter().any(|kind| asset.content_type.starts_with(kind));
            assert_eq!(asset.br.is_some() && asset.gzip.is_some(), is_text, "{}", asset.path);
        }
        assert!(ASSETS.iter().any(|asset| asset.content_type.starts_with("text/javascript")));
    }
}

//! The light that falls on every picture and the shadow it makes, as SVG definitions, and the fixed parts of the backdrop.

/// The opening tag of a picture.
pub(crate) const HEAD: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 800" role="img">"#;

/// The outline of the brand star behind the object, twice.
pub(crate) const OUTLINE: &str = concat!(
    "M400 48l98 98l140 0l0 140l98 98l-98 98l0 140l-140 0l-98 98l-98 -98l-140 0l0 -140l-98 -98l98 -98l0 -140l140 0Z",
    "M400 74l91 91l128 0l0 128l91 91l-91 91l0 128l-128 0l-91 91l-91 -91l-128 0l0 -128l-91 -91l91 -91l0 -128l128 0Z",
);

/// The light and the shadow, each written once and only when a shape asked for it (by its one-letter id).
pub(crate) const DEFS: [(char, &str); 7] = [
    (
        'c',
        concat!(
            r##"<linearGradient id="c"><stop stop-color="#262a35" stop-opacity=".1"/><stop offset=".24" stop-color="#fff" stop-opacity=".34"/>"##,
            r##"<stop offset=".52" stop-color="#fff" stop-opacity="0"/><stop offset=".53" stop-color="#262a35" stop-opacity="0"/>"##,
            r##"<stop offset="1" stop-color="#262a35" stop-opacity=".44"/></linearGradient>"##,
        ),
    ),
    (
        'b',
        concat!(
            r##"<radialGradient id="b" cx=".32" cy=".26" r=".86"><stop stop-color="#fff" stop-opacity=".46"/>"##,
            r##"<stop offset=".42" stop-color="#fff" stop-opacity="0"/><stop offset=".43" stop-color="#262a35" stop-opacity="0"/>"##,
            r##"<stop offset="1" stop-color="#262a35" stop-opacity=".5"/></radialGradient>"##,
        ),
    ),
    (
        'f',
        concat!(
            r##"<linearGradient id="f" x2="1" y2="1"><stop stop-color="#fff" stop-opacity=".24"/><stop offset=".45" stop-color="#fff" stop-opacity="0"/>"##,
            r##"<stop offset=".46" stop-color="#262a35" stop-opacity="0"/><stop offset="1" stop-color="#262a35" stop-opacity=".22"/></linearGradient>"##,
        ),
    ),
    (
        's',
        concat!(
            r##"<radialGradient id="s"><stop stop-color="#262a35" stop-opacity=".52"/><stop offset=".5" stop-color="#262a35" stop-opacity=".27"/>"##,
            r##"<stop offset="1" stop-color="#262a35" stop-opacity="0"/></radialGradient>"##,
        ),
    ),
    (
        'l',
        concat!(
            r##"<radialGradient id="l" cx=".2" cy=".14" r="1.05"><stop stop-color="#fffaf0" stop-opacity=".75"/>"##,
            r##"<stop offset="1" stop-color="#fffaf0" stop-opacity="0"/></radialGradient>"##,
        ),
    ),
    (
        'g',
        concat!(
            r##"<radialGradient id="g"><stop stop-color="#fff3c4" stop-opacity=".95"/><stop offset=".35" stop-color="#ffd98a" stop-opacity=".5"/>"##,
            r##"<stop offset="1" stop-color="#ffd98a" stop-opacity="0"/></radialGradient>"##,
        ),
    ),
    (
        'd',
        r##"<filter id="d" x="-20%" y="-20%" width="140%" height="150%"><feGaussianBlur stdDeviation="11"/></filter>"##,
    ),
];

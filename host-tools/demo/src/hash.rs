//! Choices that look random and are the same everywhere: a hash of a text, stretched by a counter.

/// FNV-1a with a final mix, so that neighbouring texts share nothing.
pub(crate) fn of(text: &str, salt: u64) -> u64 {
    let mut h = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64 ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15), |h, b| {
        (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}

/// The element that a hash chooses; `None` only for an empty list.
pub(crate) fn choose<T>(list: &[T], hash: u64) -> Option<&T> {
    let index = hash.checked_rem(list.len() as u64)?;
    list.get(usize::try_from(index).ok()?)
}

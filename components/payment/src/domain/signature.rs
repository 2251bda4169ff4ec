//! Signatures of the gateway's webhooks: `Souk-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`. A
//! header may carry several `v1`, and two secrets may be valid at once, so that either side can change its secret
//! without losing a webhook.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How far the time of a signature may be from ours, in seconds.
pub const TOLERANCE_S: i64 = 300;

/// Why a webhook is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// The header is not of the form above.
    Unreadable,
    /// No signature in it is of this body with a secret of ours.
    Forged,
    /// Signed too long ago, or in the future: it may be a replay.
    Stale,
}

/// Checks the header against the body. `secrets` is a comma-separated list; comparison takes the same time wherever a
/// signature differs.
pub fn verify(secrets: &str, header: &str, body: &[u8], now_s: i64) -> Result<(), SignatureError> {
    let (time, signatures) = parse(header).ok_or(SignatureError::Unreadable)?;
    let genuine = secrets.split(',').map(str::trim).filter(|secret| !secret.is_empty()).any(|secret| {
        signatures.iter().any(|signature| {
            Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mut mac| {
                mac.update(time.as_bytes());
                mac.update(b".");
                mac.update(body);
                mac.verify_slice(signature).is_ok()
            })
        })
    });
    if !genuine {
        return Err(SignatureError::Forged);
    }
    match time.parse::<i64>() {
        Ok(signed_s) if now_s.abs_diff(signed_s) <= TOLERANCE_S.unsigned_abs() => Ok(()),
        _ => Err(SignatureError::Stale),
    }
}

/// The time as it was written, and every `v1`. Parts with other names are passed over.
fn parse(header: &str) -> Option<(&str, Vec<[u8; 32]>)> {
    let (mut time, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=')? {
            ("t", digits) if time.is_none() && is_time(digits) => time = Some(digits),
            ("t", _) => return None,
            ("v1", hex) => signatures.push(unhex(hex)?),
            _ => {}
        }
    }
    Some((time?, signatures)).filter(|(_, signatures)| !signatures.is_empty())
}

fn is_time(digits: &str) -> bool {
    (1..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn unhex(hex: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> =
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_700_000_000;
    const BODY: &[u8] = br#"{"id":"evt_1"}"#;

    fn hex_of(secret: &str, time: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{time}.").as_bytes());
        mac.update(body);
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn signed(secret: &str, time: i64) -> String {
        format!("t={time},v1={}", hex_of(secret, &time.to_string(), BODY))
    }

    /// RFC 4231, test case 2, whose data happens to have a place for the dot of ours.
    #[test]
    fn it_is_hmac_sha256() {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        mac.update(b"what do ya want for nothing?");
        let expected = unhex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843").unwrap();
        assert!(mac.verify_slice(&expected).is_ok());
    }

    #[test]
    fn either_of_two_secrets_and_any_of_several_signatures_is_believed() {
        for secrets in ["new", "new,old", " old , new ,"] {
            assert_eq!(verify(secrets, &signed("new", NOW), BODY, NOW), Ok(()), "{secrets}");
        }
        let both = format!("{},v1={},v0=ignored", signed("other", NOW), hex_of("new", &NOW.to_string(), BODY));
        assert_eq!(verify("new", &both, BODY, NOW), Ok(()));
        assert_eq!(verify("new", &signed("old", NOW), BODY, NOW), Err(SignatureError::Forged));
    }

    #[test]
    fn without_a_secret_nothing_is_believed() {
        for secrets in ["", " , "] {
            assert_eq!(verify(secrets, &signed("", NOW), BODY, NOW), Err(SignatureError::Forged));
        }
    }

    #[test]
    fn five_minutes_either_way_are_tolerated_and_no_more() {
        for (time, verdict) in [
            (NOW - 300, Ok(())),
            (NOW + 300, Ok(())),
            (NOW - 301, Err(SignatureError::Stale)),
            (NOW + 301, Err(SignatureError::Stale)),
        ] {
            assert_eq!(verify("s", &signed("s", time), BODY, NOW), verdict);
        }
    }

    #[test]
    fn a_header_of_another_form_cannot_be_read() {
        let good = signed("s", NOW);
        let hex = hex_of("s", &NOW.to_string(), BODY);
        for bad in [
            "",
            "t",
            "t=1",
            "v1=00",
            &format!("v1={hex}"),
            &format!("t=,v1={hex}"),
            &format!("t=-1,v1={hex}"),
            &format!("t=1,t=2,v1={hex}"),
            &format!("t={NOW},v1={}", &hex[1..]),
            &format!("{good}0"),
            &format!("{good},v1=zz"),
        ] {
            assert_eq!(verify("s", bad, BODY, NOW), Err(SignatureError::Unreadable), "{bad}");
        }
        assert_eq!(verify("s", &good.to_uppercase().replace("T=", "t=").replace("V1=", "v1="), BODY, NOW), Ok(()));
    }

    proptest! {
        #[test]
        fn any_change_to_body_or_time_is_noticed(at in 0usize..14, flip in 1u8..=255, later in 1i64..200) {
            let header = signed("s", NOW);
            let mut body = BODY.to_vec();
            body[at] ^= flip;
            prop_assert_eq!(verify("s", &header, &body, NOW), Err(SignatureError::Forged));
            let moved = header.replace(&NOW.to_string(), &(NOW + later).to_string());
            prop_assert_eq!(verify("s", &moved, BODY, NOW), Err(SignatureError::Forged));
        }

        #[test]
        fn no_header_makes_it_panic(header in "\\PC{0,100}", body in prop::collection::vec(any::<u8>(), 0..50)) {
            prop_assert!(verify("s", &header, &body, NOW).is_err());
        }
    }
}

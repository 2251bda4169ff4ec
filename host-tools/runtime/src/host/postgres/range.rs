//! Postgres ranges as `spin:postgres` has them: two optional bounds, each inclusive or exclusive.

use crate::bindings::spin::postgres::postgres::RangeBoundKind;
use bytes::BytesMut;
use postgres_protocol::types::{self as protocol, RangeBound};
use std::error::Error;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};

/// One side of a range; `None` is unbounded.
pub type Bound<T> = Option<(T, RangeBoundKind)>;

/// Both sides as read; the name is what error texts call the type.
#[derive(Debug)]
pub struct Range<T> {
    /// The lower side.
    pub lower: Bound<T>,
    /// The upper side.
    pub upper: Bound<T>,
}

/// A guest's bound, unchanged (both interfaces use the same enum).
pub fn bound<T>(bound: Option<(T, RangeBoundKind)>) -> Bound<T> {
    bound
}

pub(super) fn to_sql<T: ToSql>(
    lower: &Bound<T>,
    upper: &Bound<T>,
    element: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
    protocol::range_to_sql(|buf| side(lower, element, buf), |buf| side(upper, element, buf), out)?;
    Ok(IsNull::No)
}

fn side<T: ToSql>(
    bound: &Bound<T>,
    element: &Type,
    out: &mut BytesMut,
) -> Result<RangeBound<postgres_protocol::IsNull>, Box<dyn Error + Sync + Send>> {
    let Some((value, kind)) = bound else { return Ok(RangeBound::Unbounded) };
    value.to_sql_checked(element, out)?;
    Ok(match kind {
        RangeBoundKind::Inclusive => RangeBound::Inclusive(postgres_protocol::IsNull::No),
        RangeBoundKind::Exclusive => RangeBound::Exclusive(postgres_protocol::IsNull::No),
    })
}

/// Reads a range whose elements are of type `element`. An empty range has no bounds to give and is an error.
pub(super) fn from_sql<'a, T: FromSql<'a>>(
    raw: &'a [u8],
    element: &Type,
) -> Result<Range<T>, Box<dyn Error + Sync + Send>> {
    match protocol::range_from_sql(raw)? {
        protocol::Range::Empty => Err("an empty range cannot be read".into()),
        protocol::Range::Nonempty(lower, upper) => {
            Ok(Range { lower: read_side(lower, element)?, upper: read_side(upper, element)? })
        }
    }
}

fn read_side<'a, T: FromSql<'a>>(
    bound: RangeBound<Option<&'a [u8]>>,
    element: &Type,
) -> Result<Bound<T>, Box<dyn Error + Sync + Send>> {
    let (raw, kind) = match bound {
        RangeBound::Unbounded => return Ok(None),
        RangeBound::Inclusive(raw) => (raw, RangeBoundKind::Inclusive),
        RangeBound::Exclusive(raw) => (raw, RangeBoundKind::Exclusive),
    };
    let raw = raw.ok_or("a range bound is null")?;
    Ok(Some((T::from_sql(element, raw)?, kind)))
}

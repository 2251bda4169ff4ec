//! The drawings. Each stands on the ground line y = 640 around x = 400 and takes its colours from the pen.

pub(crate) mod bath;
pub(crate) mod board_games;
pub(crate) mod candles;
pub(crate) mod ceramics;
pub(crate) mod drums;
pub(crate) mod garden;
pub(crate) mod kitchen;
pub(crate) mod lamps;
pub(crate) mod leather;
pub(crate) mod ornament;
pub(crate) mod pantry;
pub(crate) mod paper;
pub(crate) mod parcel;
pub(crate) mod strings;
pub(crate) mod tea;
pub(crate) mod textiles;
pub(crate) mod toys;
pub(crate) mod ware;
pub(crate) mod writing;

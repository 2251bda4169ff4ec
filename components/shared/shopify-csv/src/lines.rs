//! Line numbers as an editor shows them. The csv crate's own count is taken before the line end of the row above (with
//! CRLF) and before blank lines, so it points too high.

pub(crate) struct Lines<'a> {
    data: &'a [u8],
    offset: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self { data, offset: 0, line: 1 }
    }

    /// The line on which the row begins that the reader found at or after byte `from`. Rows come in order.
    pub(crate) fn of_row(&mut self, from: u64) -> u64 {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        while let Some(byte) = self.data.get(self.offset) {
            let ends_line = matches!(byte, b'\n' | b'\r');
            if self.offset >= from && !ends_line {
                break;
            }
            self.offset += 1;
            // The carriage return of a CRLF is not a line end of its own.
            if *byte == b'\n' || (*byte == b'\r' && self.data.get(self.offset) != Some(&b'\n')) {
                self.line += 1;
            }
        }
        self.line
    }
}

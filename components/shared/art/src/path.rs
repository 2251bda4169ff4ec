//! Path data from integers: numbers, points, polygons and the eight-fold star.

/// Appends a decimal number; smaller in a component than the formatting machinery.
pub(crate) fn push_int(out: &mut String, n: i32) {
    if n < 0 {
        out.push('-');
    }
    let n = n.unsigned_abs();
    if n >= 10 {
        push_int(out, (n / 10) as i32);
    }
    out.push(char::from_digit(n % 10, 10).unwrap_or('0'));
}

/// A closed polygon as path data.
pub(crate) fn poly(points: &[(i32, i32)]) -> String {
    let mut d = String::with_capacity(points.len() * 9);
    for (i, (x, y)) in points.iter().enumerate() {
        push_at(&mut d, if i == 0 { 'M' } else { 'L' }, *x, *y);
    }
    d.push('Z');
    d
}

/// Appends one path command and its point.
pub(crate) fn push_at(d: &mut String, letter: char, x: i32, y: i32) {
    d.push(letter);
    push_int(d, x);
    d.push(' ');
    push_int(d, y);
}

/// The star is two squares, one turned by 45 degrees, drawn in the same direction so that they fill as one.
pub(crate) fn push_star(d: &mut String, x: i32, y: i32, r: i32) {
    let half = (r * 707 + 500) / 1000;
    push_at(d, 'M', x - half, y - half);
    for (letter, n) in [('h', half * 2), ('v', half * 2), ('h', -half * 2)] {
        d.push(letter);
        push_int(d, n);
    }
    d.push('z');
    push_at(d, 'M', x, y - r);
    push_at(d, 'l', r, r);
    push_at(d, 'l', -r, r);
    push_at(d, 'l', -r, -r);
    d.push('z');
}

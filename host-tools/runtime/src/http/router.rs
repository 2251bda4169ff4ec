//! Routes as Spin has them: exact, `:name` segments, and a `/...` tail that matches the rest (also when there is none).
//! The more specific route wins, segment by segment: exact before `:name` before `/...`. A slash at the path's end does
//! not matter.

use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Exact(String),
    Param(String),
    Tail,
}

/// A route and what it leads to.
#[derive(Debug)]
pub struct Route<T> {
    /// The route as written.
    pub raw: String,
    /// The route without its `/...`.
    pub base: String,
    /// What it leads to.
    pub target: T,
    segments: Vec<Segment>,
}

/// A route that matched.
pub struct Match<'r, 'p, T> {
    /// The route.
    pub route: &'r Route<T>,
    /// What each `:name` stands for.
    pub params: Vec<(&'r str, &'p str)>,
    /// What the tail matched, with its leading slash; empty without a tail.
    pub tail: &'p str,
}

/// All routes of an application.
#[derive(Debug)]
pub struct Router<T>(Vec<Route<T>>);

impl<T> Router<T> {
    /// Takes the routes; two that would match the same paths are an error.
    pub fn new(routes: impl IntoIterator<Item = (String, T)>) -> Result<Self, String> {
        let mut all: Vec<Route<T>> = Vec::new();
        for (raw, target) in routes {
            let segments = parse(&raw)?;
            if let Some(other) = all.iter().find(|other| same(&other.segments, &segments)) {
                return Err(format!("the routes `{}` and `{raw}` match the same paths", other.raw));
            }
            let base = raw.strip_suffix("/...").unwrap_or(&raw).to_owned();
            all.push(Route { raw, base, target, segments });
        }
        all.sort_by(|a, b| compare(&a.segments, &b.segments));
        Ok(Self(all))
    }

    /// The most specific route that matches `path`.
    pub fn find<'p>(&self, path: &'p str) -> Option<Match<'_, 'p, T>> {
        self.0.iter().find_map(|route| route.matches(path))
    }
}

impl<T> Route<T> {
    fn matches<'p>(&self, path: &'p str) -> Option<Match<'_, 'p, T>> {
        let mut rest = path.strip_suffix('/').unwrap_or(path);
        let mut params = Vec::new();
        let mut tail = "";
        for segment in &self.segments {
            if *segment == Segment::Tail {
                // The tail keeps a slash at its end: it is the guest's to judge.
                tail = path.get(path.len().min(offset(path, rest))..).unwrap_or("");
                rest = "";
                break;
            }
            let inner = rest.strip_prefix('/')?;
            let (value, after) = inner.split_at(inner.find('/').unwrap_or(inner.len()));
            match segment {
                Segment::Exact(text) if text == value => {}
                Segment::Param(name) if !value.is_empty() => params.push((name.as_str(), value)),
                _ => return None,
            }
            rest = after;
        }
        rest.is_empty().then_some(Match { route: self, params, tail })
    }
}

/// Where `rest`, a piece of `path`, starts.
fn offset(path: &str, rest: &str) -> usize {
    (rest.as_ptr() as usize).saturating_sub(path.as_ptr() as usize)
}

fn parse(raw: &str) -> Result<Vec<Segment>, String> {
    let inner = raw.strip_prefix('/').ok_or_else(|| format!("route `{raw}` must start with `/`"))?;
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if inner.is_empty() {
        return Ok(Vec::new());
    }
    let mut segments = Vec::new();
    for part in inner.split('/') {
        if segments.last() == Some(&Segment::Tail) {
            return Err(format!("route `{raw}`: `...` must come last"));
        }
        // Spin reads a `*` as `...`, and a dot as the end of a name.
        if part.contains('*') {
            return Err(format!("route `{raw}`: `*` is not supported; write `/...` for the rest of a path"));
        }
        segments.push(match part.strip_prefix(':') {
            Some("") => return Err(format!("route `{raw}`: `:` needs a name")),
            Some(name) if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') => {
                return Err(format!("route `{raw}`: the name `:{name}` may have only letters, digits, `-` and `_`"));
            }
            Some(name) => Segment::Param(name.to_owned()),
            None if part == "..." => Segment::Tail,
            None => Segment::Exact(part.to_owned()),
        });
    }
    Ok(segments)
}

fn rank(segment: Option<&Segment>) -> u8 {
    match segment {
        Some(Segment::Exact(_)) => 0,
        Some(Segment::Param(_)) => 1,
        None => 2,
        Some(Segment::Tail) => 3,
    }
}

fn compare(a: &[Segment], b: &[Segment]) -> Ordering {
    let longest = a.len().max(b.len());
    (0..longest).map(|i| rank(a.get(i)).cmp(&rank(b.get(i)))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

fn same(a: &[Segment], b: &[Segment]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|pair| match pair {
            (Segment::Exact(a), Segment::Exact(b)) => a == b,
            (a, b) => rank(Some(a)) == rank(Some(b)),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(routes: &[&str]) -> Router<usize> {
        Router::new(routes.iter().enumerate().map(|(i, r)| ((*r).to_owned(), i))).unwrap()
    }

    fn found(routes: &[&str], path: &str) -> Option<String> {
        router(routes).find(path).map(|m| m.route.raw.clone())
    }

    #[test]
    fn exact_wins_over_param_wins_over_tail() {
        let routes = ["/...", "/u/...", "/u/:id", "/u/me", "/"];
        for (path, route) in [
            ("/u/me", "/u/me"),
            ("/u/42", "/u/:id"),
            ("/u/42/", "/u/:id"),
            ("/u/42/x", "/u/..."),
            ("/u", "/u/..."),
            ("/x", "/..."),
            ("/", "/"),
        ] {
            assert_eq!(found(&routes, path).as_deref(), Some(route), "{path}");
        }
    }

    #[test]
    fn nothing_matches_without_a_route() {
        assert_eq!(found(&["/u/:id", "/a"], "/u"), None);
        assert_eq!(found(&["/u/:id", "/a"], "/a/b"), None);
        assert_eq!(found(&["/a/..."], "/ab"), None);
    }

    #[test]
    fn params_and_tail_are_given() {
        let router = router(&["/u/:id/files/..."]);
        let found = router.find("/u/42/files/a/b").unwrap();
        assert_eq!(found.params, [("id", "42")]);
        assert_eq!(found.tail, "/a/b");
        assert_eq!(found.route.base, "/u/:id/files");
        assert_eq!(router.find("/u/42/files").unwrap().tail, "");
    }

    #[test]
    fn ambiguous_and_malformed_routes_are_refused() {
        for routes in [vec!["/a/:x", "/a/:y"], vec!["/a/.../b"], vec!["/:"], vec!["/a/*"], vec!["/a/:x.html"]] {
            assert!(Router::new(routes.iter().map(|r| ((*r).to_owned(), ()))).is_err(), "{routes:?}");
        }
    }
}

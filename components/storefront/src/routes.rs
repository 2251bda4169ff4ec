//! The addresses that the shop in the browser has a page for. All others are not found, in words for people too.

/// Pages without anything below them.
const PAGES: [&str; 12] = [
    "/",
    "/search",
    "/cart",
    "/checkout",
    "/account",
    "/sign-in",
    "/register",
    "/forgot-password",
    "/reset-password",
    "/verify-email",
    "/unsubscribe",
    "/admin",
];
/// Where each name below has a page.
const FAMILIES: [&str; 6] = ["/c/", "/collections/", "/products/", "/orders/", "/account/", "/admin/"];

/// Whether the shop in the browser shows something at this address.
pub fn has_page(path: &str) -> bool {
    let path = if path.len() > 1 { path.strip_suffix('/').unwrap_or(path) } else { path };
    PAGES.contains(&path)
        || FAMILIES.iter().any(|family| path.strip_prefix(family).is_some_and(|rest| !rest.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_what_is_below_them_are_known() {
        for path in ["/", "/c/ceramics", "/products/a-b", "/orders/018f", "/account", "/account/", "/admin/orders/1"] {
            assert!(has_page(path), "{path}");
        }
        for path in ["", "/c", "/c/", "/nowhere", "/api/nothing", "/cartoon", "/.env", "/index.php"] {
            assert!(!has_page(path), "{path}");
        }
    }

    #[test]
    fn every_page_of_the_application_is_known() {
        let routes = include_str!("../../../frontend/src/routes.tsx");
        let paths: Vec<&str> = routes.split("path: \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(paths.len() > 10, "{paths:?}");
        for path in paths.iter().filter(|path| !["*", "/", "/admin/*"].contains(path)) {
            let address = format!("/{}", path.trim_start_matches('/').replace(':', ""));
            let known = has_page(&address) || has_page(&format!("/account/{path}"));
            assert!(known, "src/routes.rs does not know {path}");
        }
    }
}

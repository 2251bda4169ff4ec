//! POST /api/catalog/import: products from a file, a request's worth of them. Larger files go through `souk import`, which sends
//! them in parts.

use super::{announce, refusal, require_merchant};
use crate::domain::input::{MediaInput, ProductInput, Status};
use crate::domain::product::{Content, check_one};
use crate::domain::query_string::{self, QueryStringError};
use crate::domain::variant::VariantInput;
use crate::store::{self, Done, Refused};
use crate::views::{ImportError, ImportOutcome, SkuConflict};
use axum::body::Bytes;
use http::{HeaderMap, Uri, header};
use souk_core::money::Currency;
use souk_core::problem::Problem;
use souk_host::ApiError;
use souk_host::http::{Identity, RequestContext};
use souk_host::reply::Json;
use souk_shopify_csv::{self as csv, FileError, Import, Product, RowError};

/// The full path; its bodies may be larger than others.
pub const PATH: &str = "/api/catalog/import";
/// The most products that are written by one statement.
const MAX_PRODUCTS: usize = 1000;
const MAX_ERRORS: usize = 1000;

/// Creates or updates products by handle from a CSV in Shopify's columns, at most 1,000 products and 2 MiB; all at once or,
/// when a row cannot be used, none. With `partial=true` products with such rows are left out and the others are written.
#[utoipa::path(
    post, path = "/api/catalog/import", tag = "merchant", operation_id = "import_products",
    params(
        ("currency" = Option<String>, Query, description = "What prices are amounts of where the file has no column Currency; EUR unless given", pattern = "^[A-Z]{3}$"),
        ("partial" = Option<bool>, Query, description = "true: write the good products although others have bad rows"),
    ),
    request_body(content = String, content_type = "text/csv", description = "The file"),
    security(("bearer" = ["merchant"]), ("bearer" = ["admin"])), responses(
        (status = 200, description = "Written, but for what `errors` names", body = ImportOutcome),
        (status = 400, description = "invalid-query, or invalid-csv: the body is no CSV"),
        (status = 409, description = "sku-taken: a SKU belongs to another product; `conflicts` names each"),
        (status = 415, description = "The body is not text/csv"),
        (status = 422, description = "invalid-rows: `errors` names each line and why; no-product-csv or too-many-products"),
    )
)]
pub async fn post(
    identity: Identity,
    context: RequestContext,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<ImportOutcome>, ApiError> {
    require_merchant(&identity)?;
    let (currency, partial) = parse(uri.query().unwrap_or_default())?;
    if !is_csv(&headers) {
        let detail = "Send the file with `content-type: text/csv`.";
        return Err(Problem::new(415, "Unsupported media type", "not-csv", detail).into());
    }
    let mut file = File::read(csv::parse(&body, currency).map_err(unreadable)?);
    if file.products.len() > MAX_PRODUCTS {
        let detail = format!(
            "The file has {} products, and at most {MAX_PRODUCTS} fit one request. Split it, or use `souk import`.",
            file.products.len()
        );
        return Err(Problem::unprocessable("too-many-products", detail).into());
    }
    if !partial && !file.import.errors.is_empty() {
        return Err(file.refusal());
    }
    let done = file.write(partial, &context.traceparent).await?;
    announce(&done.changed).await;
    Ok(Json(file.outcome(&done)))
}

fn parse(query: &str) -> Result<(Currency, bool), Problem> {
    let (mut currency, mut partial) = (Some(Currency::EUR), Some(false));
    query_string::visit(query, &["currency", "partial"], &[], |name, value| {
        match name {
            _ if value.is_empty() => {}
            "currency" => currency = Currency::parse(&value),
            _ => partial = value.parse().ok(),
        }
        Ok::<(), QueryStringError>(())
    })
    .map_err(|error| Problem::bad_request("invalid-query", format!("{error}.")))?;
    let invalid = |what: &str| Problem::bad_request("invalid-query", what);
    let currency = currency.ok_or_else(|| invalid("currency is three capital letters, as in EUR."))?;
    Ok((currency, partial.ok_or_else(|| invalid("partial is true or false."))?))
}

fn is_csv(headers: &HeaderMap) -> bool {
    let essence = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    essence.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/csv")
}

fn unreadable(error: FileError) -> ApiError {
    let detail = format!("Nothing was imported: {error}.");
    match error {
        FileError::Unreadable(_) => Problem::bad_request("invalid-csv", detail).into(),
        _ => Problem::unprocessable("no-product-csv", detail).into(),
    }
}

/// A file on its way into the shop: its products with what is written of each, and what is wrong with the others.
struct File {
    import: Import,
    products: Vec<(Product, Content)>,
}

impl File {
    fn read(mut import: Import) -> Self {
        let mut products = Vec::with_capacity(import.products.len());
        for product in std::mem::take(&mut import.products) {
            match check_one(&input(&product)) {
                Ok(content) => products.push((product, content)),
                Err(faults) => {
                    import.left_out += 1;
                    import.errors.extend(faults.into_iter().map(|fault| RowError {
                        line: product.line,
                        column: None,
                        reason: format!("{} {}", fault.field, fault.message),
                    }));
                }
            }
        }
        let mut file = Self { import, products };
        file.sort();
        file
    }

    fn sort(&mut self) {
        self.import.errors.sort_by_key(|error| error.line);
    }

    /// Writes what is good. With `partial` a SKU that another product of the shop has leaves its product out, too.
    async fn write(&mut self, partial: bool, traceparent: &str) -> Result<Done, ApiError> {
        match store::upsert(&self.contents(), traceparent).await? {
            Ok(done) => Ok(done),
            Err(Refused::SkuConflict(conflicts)) if partial => {
                let conflicts: Vec<SkuConflict> = serde_json::from_slice(conflicts.get().as_bytes())
                    .map_err(|error| ApiError::defect(&format!("conflicts of an import: {error}")))?;
                self.leave_out(&conflicts);
                store::upsert(&self.contents(), traceparent).await?.map_err(refusal)
            }
            Err(refused) => Err(refusal(refused)),
        }
    }

    fn contents(&self) -> Vec<&Content> {
        self.products.iter().map(|(_, content)| content).collect()
    }

    fn leave_out(&mut self, conflicts: &[SkuConflict]) {
        let before = self.products.len();
        self.products.retain(|(product, _)| {
            let own: Vec<&SkuConflict> = conflicts.iter().filter(|conflict| conflict.slug == product.handle).collect();
            self.import.errors.extend(own.iter().map(|conflict| {
                let row = product.variants.iter().find(|variant| variant.sku.as_str() == conflict.sku);
                RowError {
                    line: row.map_or(product.line, |variant| variant.line),
                    column: Some("Variant SKU".to_owned()),
                    reason: format!("\"{}\" belongs to the product \"{}\" already", conflict.sku, conflict.owner),
                }
            }));
            own.is_empty()
        });
        self.import.left_out += before - self.products.len();
        self.sort();
    }

    fn errors(&self) -> Vec<ImportError> {
        let error = |error: &RowError| ImportError {
            line: count(usize::try_from(error.line).unwrap_or(usize::MAX)),
            column: error.column.clone(),
            reason: error.reason.clone(),
        };
        self.import.errors.iter().take(MAX_ERRORS).map(error).collect()
    }

    fn refusal(&self) -> ApiError {
        let detail = "Some rows cannot be used; `errors` names each. Nothing was imported: correct the file, or import \
                      the good products with partial=true.";
        Problem::unprocessable("invalid-rows", detail)
            .with("errors", self.errors())
            .with("rows", self.import.rows)
            .with("left_out", self.import.left_out)
            .into()
    }

    fn outcome(&self, done: &Done) -> ImportOutcome {
        ImportOutcome {
            rows: count(self.import.rows),
            created: done.created,
            updated: done.updated,
            unchanged: done.unchanged,
            left_out: count(self.import.left_out),
            errors: self.errors(),
            warnings: self.import.warnings.clone(),
        }
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A product of a file as a merchant would give it.
pub(crate) fn input(product: &Product) -> ProductInput {
    let text = |text: &str| Some(text.to_owned());
    let media = product.media.iter().map(|picture| MediaInput { url: picture.url.clone(), alt: picture.alt.clone() });
    let variants = product.variants.iter().map(|variant| VariantInput {
        sku: variant.sku.to_string(),
        options: variant.options.clone(),
        price: variant.price,
        compare_at: variant.compare_at,
        grams: i64::from(variant.grams),
        barcode: variant.barcode.clone(),
    });
    ProductInput {
        handle: product.handle.clone(),
        title: product.title.clone(),
        description_html: text(&product.description_html),
        vendor: text(&product.vendor),
        category: text(&product.category),
        product_type: text(&product.product_type),
        tags: product.tags.clone(),
        status: match product.status {
            csv::Status::Active => Status::Active,
            csv::Status::Draft => Status::Draft,
            csv::Status::Archived => Status::Archived,
        },
        image_url: text(&product.image_url),
        image_alt: text(&product.image_alt),
        media: media.collect(),
        options: product.options.clone(),
        variants: variants.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "Handle,Title,Product Category,Variant SKU,Variant Price\ncup,Cup,Tea > Cups,CUP,4.00\npot,Pot,É,POT,5\n";

    #[test]
    fn what_the_catalog_refuses_is_named_by_its_line() {
        let mut file = File::read(csv::parse(FILE.replace('É', "'1").as_bytes(), Currency::EUR).unwrap());
        assert_eq!((file.products.len(), file.errors().len()), (2, 0));
        file.leave_out(&[SkuConflict { sku: "POT".into(), slug: "pot".into(), owner: "jug".into() }]);
        let error = file.errors().remove(0);
        assert_eq!((error.line, error.column.as_deref(), file.import.left_out), (3, Some("Variant SKU"), 1));
        assert!(error.reason.contains("\"jug\""), "{}", error.reason);
        let file = File::read(csv::parse(FILE.as_bytes(), Currency::EUR).unwrap());
        assert_eq!((file.products.len(), file.errors()[0].line, file.import.left_out), (1, 3, 1));
    }

    #[test]
    fn parameters_are_read_strictly() {
        assert_eq!(parse("currency=JPY&partial=true"), Ok((Currency::parse("JPY").unwrap(), true)));
        assert_eq!(parse(""), Ok((Currency::EUR, false)));
        for bad in ["currency=eur", "partial=1", "partial=true&partial=true", "currency=%"] {
            assert_eq!(parse(bad).unwrap_err().status, 400, "{bad}");
        }
    }
}

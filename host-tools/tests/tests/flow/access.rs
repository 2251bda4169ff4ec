//! Who may do what, generated from the OpenAPI documents: every operation is called without a token, as a guest, as
//! somebody else, and in each role, and must let in exactly those whom its `security` names. An operation whose path
//! or body these tests cannot fill in fails them, so that none goes untested.

use crate::example::example;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use souk_tests::{
    api::{Answer, Api, text},
    run::Suite,
    shop::Shop,
    shopper::address,
    wait,
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

pub fn add(suite: &mut Suite<Shop>) {
    suite.test("every_operation_lets_in_whom_its_document_names_and_nobody_else", access);
}

pub const APIS: [&str; 7] = ["users", "catalog", "inventory", "orders", "payments", "notifications", "analytics"];

/// The OpenAPI document that an API serves.
pub async fn document(shop: &Shop, api: &str) -> Result<Value> {
    shop.api.get(&format!("/api/{api}/openapi.json")).await?.expect(200)
}

/// Path, method and description of every operation in a document.
pub fn documented(document: &Value) -> Result<Vec<(&String, &String, &Value)>> {
    let paths = document["paths"].as_object().context("no paths")?;
    let mut all = Vec::new();
    for (path, item) in paths {
        all.extend(item.as_object().into_iter().flatten().map(|(method, operation)| (path, method, operation)));
    }
    Ok(all)
}

/// Problems that say who the caller is not, as opposed to what is wrong with the call.
const SHUT_OUT: [&str; 5] = ["token-missing", "token-invalid", "token-expired", "account-needed", "role-missing"];

/// Somebody who calls, and what security requirements let them in.
struct Caller {
    name: &'static str,
    api: Api,
    role: Option<&'static str>,
    /// Whether what the paths name is theirs.
    owns: bool,
}

impl Caller {
    fn may(&self, security: &[Vec<String>], is_public: bool) -> bool {
        is_public
            || security.iter().any(|roles| match self.role {
                None => false,
                Some("guest") => roles.iter().any(|role| role == "guest"),
                Some(role) => roles.is_empty() || roles.iter().any(|one| one == role),
            })
    }
}

/// What stands for the parameters of paths: things of the owner's.
struct Things(BTreeMap<&'static str, String>);

impl Things {
    /// The path with values for its parameters, and whether it names something that is the owner's alone.
    fn fill(&self, path: &str) -> Result<(String, bool)> {
        let mut filled = Vec::new();
        let mut is_owned = false;
        let mut so_far = String::new();
        for segment in path.split('/') {
            let value = match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                None => segment.to_owned(),
                Some(_) => {
                    let place = format!("{so_far}/{segment}");
                    let place = place.trim_start_matches("/api/");
                    let value = self.0.get(place);
                    is_owned |= OWNED.contains(&place);
                    value.with_context(|| format!("access.rs does not say what stands for {place}"))?.clone()
                }
            };
            so_far = if segment.is_empty() { so_far } else { format!("{so_far}/{segment}") };
            filled.push(value);
        }
        Ok((filled.join("/"), is_owned))
    }
}

/// Paths that name what belongs to one person.
const OWNED: [&str; 4] = ["orders/{id}", "payments/{order_id}", "users/me/addresses/{id}", "users/me/sessions/{id}"];

async fn access(shop: Arc<Shop>) -> Result<()> {
    let (owner, things) = owner(&shop).await?;
    let callers = callers(&shop, owner).await?;
    let mut operations = 0;
    for api in APIS {
        let document = document(&shop, api).await?;
        let mut all = documented(&document)?;
        // What is taken away is taken away last, and all sessions at the very end.
        all.sort_by_key(|(path, method, _)| (path.ends_with("/logout-all"), *method == "delete"));
        operations += all.len();
        for (path, method, operation) in all {
            let (filled, is_owned) = things.fill(path)?;
            let name = format!("{} {path}", method.to_uppercase());
            check(&name, method, &filled, is_owned, operation, &document, &callers).await.context(name)?;
        }
    }
    ensure!(operations > 60, "only {operations} operations were found");
    Ok(())
}

async fn check(
    name: &str,
    method: &str,
    path: &str,
    is_owned: bool,
    operation: &Value,
    document: &Value,
    callers: &[Caller],
) -> Result<()> {
    let ways = operation["security"].as_array().with_context(|| format!("{name} does not say who may call it"))?;
    let is_public = ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty));
    let security: Vec<Vec<String>> =
        ways.iter().filter_map(|way| serde_json::from_value(way["bearer"].clone()).ok()).collect();
    for caller in callers {
        let answer = call(caller, method, path, operation, document).await?;
        let who = caller.name;
        ensure!(answer.status < 500, "{who}: {answer:?}");
        let problem = answer.body["type"].as_str().unwrap_or_default().trim_start_matches("urn:souk:problem:");
        let is_shut_out = [401, 403].contains(&answer.status) && SHUT_OUT.contains(&problem);
        if caller.may(&security, is_public) {
            ensure!(!is_shut_out, "{who} may and was shut out: {answer:?}");
            let is_staff = security.iter().any(|roles| !roles.is_empty());
            let is_shopper = [Some("customer"), Some("guest")].contains(&caller.role);
            if is_owned && !is_public && !is_staff && !caller.owns && is_shopper {
                ensure!(answer.status == 404, "{who}: somebody else's: {answer:?}");
            }
            if is_owned && caller.owns {
                ensure!(answer.status != 404, "{who}: their own: {answer:?}");
            }
        } else {
            let wanted = if [None, Some("guest")].contains(&caller.role) { 401 } else { 403 };
            ensure!(answer.status == wanted && is_shut_out, "{who} may not: wanted {wanted}, got {answer:?}");
        }
    }
    Ok(())
}

/// One call with a body, parameters and headers as the document asks for.
async fn call(caller: &Caller, method: &str, path: &str, operation: &Value, document: &Value) -> Result<Answer> {
    let is_stream = operation["responses"]["200"]["content"].get("text/event-stream").is_some();
    if is_stream && caller.api.opens(path).await? {
        return Ok(Answer { status: 200, media_type: String::new(), retry_after: None, body: Value::Null });
    }
    let mut query = Vec::new();
    let mut headers: Vec<(String, String)> = vec![("x-forwarded-for".into(), format!("10.9.{}.1", caller.name.len()))];
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().context("a parameter without a name")?;
        if parameter["required"] != true || parameter["in"] == "path" {
            continue;
        }
        let value = match example(&parameter["schema"], document)? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        match parameter["in"].as_str() {
            Some("query") => query.push(format!("{name}={value}")),
            Some("header") => headers.push((name.to_lowercase(), value)),
            other => bail!("a parameter in {other:?}"),
        }
    }
    let mut body = Vec::new();
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        let (media_type, content) = content.iter().next().context("a body without a media type")?;
        headers.push(("content-type".into(), media_type.clone()));
        let value = example(&content["schema"], document)?;
        body = value.as_str().map_or_else(|| value.to_string(), str::to_owned).into_bytes();
    }
    let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) };
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    caller.api.raw(&method.to_uppercase(), &path, &headers, body).await
}

/// A shopper with an order that is settled, an address, and a session; and what the paths call them.
async fn owner(shop: &Shop) -> Result<(Api, Things)> {
    let sku = shop.product(1500, 10).await?;
    let owner = shop.shopper().await?;
    let order = owner.buy(&sku, 1, "tok_success").await?;
    let order = text(&order, "/id")?;
    wait::until("the order to be confirmed", || async {
        Ok((owner.order(&order).await?["status"] == "confirmed").then_some(()))
    })
    .await?;
    let kept = owner.api.post("/api/users/me/addresses", &address()).await?.expect(201)?;
    let sessions = owner.api.get("/api/users/me/sessions").await?.expect(200)?;
    let me = owner.api.get("/api/users/me").await?.expect(200)?;
    let nobody = Uuid::now_v7().to_string();
    let slug = sku.to_lowercase();
    Ok((
        owner.api.clone(),
        Things(BTreeMap::from([
            ("orders/{id}", order.clone()),
            ("orders/{id}/returns/{return_id}", nobody.clone()),
            ("orders/promotions/{code}", "NO-SUCH-CODE".to_owned()),
            ("orders/cart/items/{sku}", sku.clone()),
            ("payments/{order_id}", order),
            ("users/me/addresses/{id}", text(&kept, "/id")?),
            ("users/me/sessions/{id}", text(&sessions, "/items/0/id").or_else(|_| text(&sessions, "/sessions/0/id"))?),
            ("users/{id}", text(&me, "/id")?),
            ("inventory/stock/{sku}", sku),
            ("inventory/locations/{code}", "main".to_owned()),
            ("catalog/products/{slug_or_id}", slug),
            ("catalog/categories/{slug}", "no-such-category".to_owned()),
            ("catalog/collections/{slug}", "no-such-collection".to_owned()),
            ("catalog/media/{category}", "tea".to_owned()),
            ("catalog/media/{category}/{kind}", "tin".to_owned()),
            ("catalog/media/{category}/{kind}/{file}", "x.svg".to_owned()),
            ("notifications/messages/{id}", nobody),
            ("analytics/dead-letters/{stream}", "order".to_owned()),
            ("analytics/dead-letters/{stream}/{entry}", "1-1".to_owned()),
            ("notifications/unsubscribe/{token}", "no-such-token".to_owned()),
        ])),
    ))
}

async fn callers(shop: &Shop, owner: Api) -> Result<Vec<Caller>> {
    let guest = shop.api.raw("POST", "/api/users/guest", &[], "").await?.expect(201)?;
    let guest = shop.api.with_token(text(&guest, "/access_token")?);
    let caller = |name, api, role| Caller { name, api, role, owns: false };
    Ok(vec![
        caller("nobody", shop.api.clone(), None),
        caller("a forger", shop.api.with_token("e30.e30.e30"), None),
        caller("a guest", guest, Some("guest")),
        caller("another shopper", shop.shopper().await?.api, Some("customer")),
        caller("support", shop.staff("support").await?, Some("support")),
        caller("a merchant", shop.staff("merchant").await?, Some("merchant")),
        caller("an admin", shop.staff("admin").await?, Some("admin")),
        Caller { name: "the owner", api: owner, role: Some("customer"), owns: true },
    ])
}

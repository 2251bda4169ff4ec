//! What every OpenAPI document of Souk says alike, added to what the handlers' annotations say: how callers prove who
//! they are, the one shape of errors, and the errors that the shared HTTP layer answers for any route.
//!
//! Who may call an operation is its `security`: `security(())` for anybody, `security(("bearer" = []))` for every
//! signed-in person, `security(("bearer" = ["support"]), ("bearer" = ["admin"]))` for those with one of the roles,
//! `security(("bearer" = ["guest"]), ("bearer" = []))` where a guest's token does, too. The tests of ownership and
//! roles are generated from it, so an operation that says nothing is refused.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::{
    Components, Content, OpenApi, Ref, RefOr, Response,
    path::{Operation, ParameterIn, PathItem},
    schema::{ObjectBuilder, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

const PROBLEM_SCHEMA: &str = "#/components/schemas/Problem";

/// Completes a document, or says which operation is not described well enough.
pub(crate) fn complete(document: &mut OpenApi) -> Result<(), String> {
    let mut ids = BTreeSet::new();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let name = format!("{method} {path}");
            let id = operation.operation_id.clone().ok_or_else(|| format!("{name} has no operationId"))?;
            if !ids.insert(id.clone()) {
                return Err(format!("{name}: the operationId {id} is taken; write `operation_id = \"...\"`"));
            }
            add_errors(path, operation, &allowed(operation).map_err(|why| format!("{name} {why}"))?);
        }
    }
    let components = document.components.get_or_insert_with(Components::new);
    components.schemas.insert("Problem".to_owned(), problem_schema());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("An access token of POST /api/users/login, or a guest's of POST /api/users/guest."));
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer.build()));
    let whole = serde_json::to_value(&*document).map_err(|error| error.to_string())?;
    match dangling(&whole, &whole) {
        Some(reference) => Err(format!("{reference} is referred to and not there; write `#[param(inline)]`")),
        None => Ok(()),
    }
}

/// A reference within the document that leads nowhere.
fn dangling<'a>(part: &'a Value, whole: &Value) -> Option<&'a str> {
    match part {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            let broken = reference.filter(|reference| {
                reference.strip_prefix('#').is_some_and(|pointer| whole.pointer(pointer).is_none())
            });
            broken.or_else(|| members.values().find_map(|member| dangling(member, whole)))
        }
        Value::Array(members) => members.iter().find_map(|member| dangling(member, whole)),
        _ => None,
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("DELETE", &mut item.delete),
        ("PATCH", &mut item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// The roles of each way to be allowed; no element at all is a caller without a token.
struct Allowed(Vec<Option<Vec<String>>>);

impl Allowed {
    fn anybody(&self) -> bool {
        self.0.iter().any(Option::is_none)
    }

    fn takes_tokens(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }

    fn needs_role(&self) -> bool {
        !self.anybody() && self.0.iter().flatten().all(|roles| !roles.is_empty())
    }
}

fn allowed(operation: &Operation) -> Result<Allowed, String> {
    let Some(security) = &operation.security else {
        return Err("does not say who may call it: write `security(...)`, with `()` for anybody".to_owned());
    };
    let ways = security.iter().map(|way| match serde_json::to_value(way) {
        Ok(Value::Object(schemes)) if schemes.is_empty() => Ok(None),
        Ok(Value::Object(schemes)) => schemes
            .get("bearer")
            .and_then(|roles| serde_json::from_value(roles.clone()).ok())
            .map(Some)
            .ok_or_else(|| "has a `security` other than \"bearer\"".to_owned()),
        _ => Err("has an unreadable `security`".to_owned()),
    });
    ways.collect::<Result<_, _>>().map(Allowed)
}

/// The statuses that the shared HTTP layer answers for such an operation, and the problem document as the body of each
/// error.
fn add_errors(path: &str, operation: &mut Operation, allowed: &Allowed) {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let has_input = parameters.iter().any(|parameter| parameter.parameter_in != ParameterIn::Cookie);
    let has_body = operation.request_body.is_some();
    let common = [
        (has_input || has_body, 400, "The request cannot be read."),
        (allowed.takes_tokens(), 401, "No access token, or one that is not valid (any more)."),
        (allowed.needs_role(), 403, "role-missing: the account lacks the role."),
        (path.contains('{'), 404, "There is no such thing, or it is not yours."),
        (has_body, 413, "The body is too large."),
        (has_body, 415, "The body's media type is not the one that is asked for."),
        (has_body, 422, "Readable, but its content does not pass; `errors` may name fields."),
        (true, 503, "Something that this needs is away; try again after Retry-After seconds."),
    ];
    let responses = &mut operation.responses.responses;
    for (applies, status, description) in common {
        if applies {
            responses.entry(status.to_string()).or_insert_with(|| RefOr::T(Response::new(description)));
        }
    }
    for (status, response) in responses.iter_mut() {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && response.content.is_empty()
        {
            let content = Content::new(Some(Ref::new(PROBLEM_SCHEMA)));
            response.content.insert("application/problem+json".to_owned(), content);
        }
    }
}

/// `Problem` of souk-core; extension members differ from problem to problem.
fn problem_schema() -> RefOr<utoipa::openapi::Schema> {
    let text = |description: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    let status = ObjectBuilder::new().schema_type(Type::Integer).description(Some("The HTTP status."));
    let properties: BTreeMap<_, _> = [
        ("type", text("`urn:souk:problem:<slug>`, stable; switch on it.")),
        ("title", text("Short name of the kind of problem.")),
        ("status", status),
        ("detail", text("What happened, to what, and what to do next.")),
    ]
    .into();
    let object = ObjectBuilder::new().description(Some("An error (RFC 9457), with further members by `type`."));
    properties.into_iter().fold(object, |object, (name, schema)| object.property(name, schema).required(name)).into()
}

#[cfg(test)]
mod tests {
    use super::dangling;
    use serde_json::json;

    #[test]
    fn a_reference_that_leads_nowhere_is_found() {
        let sort = json!({"$ref": "#/components/schemas/Sort"});
        let with =
            |schemas: serde_json::Value| json!({"paths": [{"schema": sort}], "components": {"schemas": schemas}});
        let known = with(json!({"Sort": {"type": "string"}}));
        assert_eq!(dangling(&known, &known), None);
        let unknown = with(json!({}));
        assert_eq!(dangling(&unknown, &unknown), Some("#/components/schemas/Sort"));
    }
}

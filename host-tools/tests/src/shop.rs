//! A private shop: every process of Souk on free ports in a directory of its own, gone when the test is.

use crate::{
    api::{Api, text},
    project::Project,
    shopper::Shopper,
    wait,
};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use souk_core::token::{self, Claims, Jwks, Role};
use souk_local::{Environment, Process};
use std::{
    fs,
    path::Path,
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// A running shop.
pub struct Shop {
    /// The processes, servers and databases.
    pub environment: Environment,
    /// Nobody's calls.
    pub api: Api,
    /// The admin's calls.
    pub admin: Api,
}

/// The password of every account that registers here.
pub const PASSWORD: &str = "a-long-test-password";

impl Shop {
    /// Starts a shop with no products in it.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// [`Shop::start`] with variables of spin.toml set.
    pub async fn start_with(variables: &[(&str, &str)]) -> Result<Self> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::start_in(Environment::temporary(|settings| settings.variables.extend(variables))?).await
    }

    /// [`Shop::start`] with environment variables for runtime, relay and mailer.
    pub async fn start_with_environment(variables: &[(&str, &str)]) -> Result<Self> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::start_in(Environment::temporary(|settings| settings.process_env.extend(variables))?).await
    }

    /// [`Shop::start`] with other plug-ins (interface, file), and the project in which they can be swapped.
    pub async fn start_with_plugins(plugins: &[(&str, &str)]) -> Result<(Self, Project)> {
        let mut copied = None;
        let environment = Environment::temporary(|settings| {
            let project = Project::copy(&settings.project, settings.root.join("project"));
            if let Ok(project) = &project {
                settings.project = project.folder().to_owned();
            }
            copied = Some(project);
        })?;
        let project = copied.context("the settings were not adjusted")??;
        project.use_plugins(plugins)?;
        Ok((Self::start_in(environment).await?, project))
    }

    async fn start_in(environment: Environment) -> Result<Self> {
        environment.start_servers().await?;
        environment.migrate().await?;
        environment.start_platform().await?;
        let api = Api::new(environment.gateway_url());
        let admin = Self::hire_admin(&environment, &api).await?;
        Ok(Self { environment, api, admin })
    }

    async fn hire_admin(environment: &Environment, api: &Api) -> Result<Api> {
        let email = "admin@tests.example";
        let account = json!({"email": email, "password": PASSWORD, "name": "Admin"});
        api.post("/api/users/register", &account).await?.expect(201)?;
        let users = environment.connect("user").await?;
        users.execute("SELECT grant_role($1::text, 'admin')", &[&email]).await?;
        let session = api.post("/api/users/login", &account_credentials(email)).await?.expect(200)?;
        Ok(api.with_token(text(&session, "/access_token")?))
    }

    /// Stops everything.
    pub async fn stop(&self) {
        if let Err(error) = self.environment.stop_all().await {
            eprintln!("stopping the shop: {error}");
        }
    }

    /// A shopper who registered through the API.
    pub async fn shopper(&self) -> Result<Shopper> {
        let email = format!("{}@tests.example", Uuid::now_v7().simple());
        let account = json!({"email": email, "password": PASSWORD, "name": "Ana Souk"});
        let session = self.api.post("/api/users/register", &account).await?.expect(201)?;
        Ok(Shopper { api: self.api.with_token(text(&session, "/access_token")?), email })
    }

    /// Somebody with an account and one more role.
    pub async fn staff(&self, role: &str) -> Result<Api> {
        let shopper = self.shopper().await?;
        let users = self.environment.connect("user").await?;
        users.execute("SELECT grant_role($1::text, $2::text)", &[&shopper.email, &role]).await?;
        let session = self.api.post("/api/users/login", &account_credentials(&shopper.email)).await?.expect(200)?;
        Ok(self.api.with_token(text(&session, "/access_token")?))
    }

    /// Many shoppers, by tokens signed here: hashing hundreds of passwords would test nothing but patience.
    pub async fn shoppers(&self, count: usize) -> Result<Vec<Shopper>> {
        let (key, kid) = self.signing_key()?;
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
        let shopper = |_| {
            let sub = Uuid::now_v7();
            let email = format!("{}@tests.example", sub.simple());
            let claims = Claims {
                iss: "souk".to_owned(),
                sub,
                email: email.clone(),
                name: "Ben Souk".to_owned(),
                roles: vec![Role::Customer],
                iat: now,
                exp: now + 3600,
            };
            Shopper { api: self.api.with_token(token::sign(&claims, &key, &kid)), email }
        };
        Ok((0..count).map(shopper).collect())
    }

    /// The key that this shop's tokens are signed with, and its `kid`.
    pub fn signing_key(&self) -> Result<(ed25519_dalek::SigningKey, String)> {
        let variables = self.environment.variables()?;
        let variable = |name: &str| variables.get(name).with_context(|| format!("no variable {name}"));
        let key = token::parse_signing_key(variable("signing_key")?).context("signing_key")?;
        let jwks = Jwks::parse(variable("jwks")?)?;
        let kid = jwks.kid_of(&key.verifying_key()).context("the key is not in the JWKS")?.to_owned();
        Ok((key, kid))
    }

    /// A new product with one variant; returns its SKU once it can be bought. Its slug is the SKU in lower case.
    pub async fn product(&self, price_minor: i64, stock: i64) -> Result<String> {
        let sku = format!("T-{}", Uuid::new_v4().simple().to_string().to_uppercase());
        self.write_product(&sku, price_minor).await?;
        let lines = json!({"lines": [{"sku": sku, "received": stock}], "reason": "test"});
        self.admin.post("/api/inventory/stock/batch", &lines).await?.expect(200)?;
        let orders = self.environment.connect("order").await?;
        wait::until(&format!("{sku} to be sellable"), || async {
            Ok(orders.query_opt("SELECT 1 FROM sellable WHERE sku = $1", &[&sku]).await?.map(drop))
        })
        .await?;
        Ok(sku)
    }

    /// Changes the price of a product made by [`Shop::product`].
    pub async fn reprice(&self, sku: &str, price_minor: i64) -> Result<()> {
        self.write_product(sku, price_minor).await
    }

    async fn write_product(&self, sku: &str, price_minor: i64) -> Result<()> {
        let slug = sku.to_lowercase();
        let word = slug.rsplit('-').next().unwrap_or_default();
        let product = json!({
            "handle": slug, "title": format!("Test tea {word}"), "description_html": "<p>For tests.</p>",
            "vendor": "Tests", "category": "Tea", "product_type": "Tin", "tags": ["test"], "status": "active",
            "image_url": "/api/catalog/media/tea/tin/x.svg", "image_alt": "A tin", "options": [],
            "variants": [{
                "sku": sku, "options": [], "price": {"amount_minor": price_minor, "currency": "EUR"},
                "compare_at": null, "grams": 250, "barcode": null
            }]
        });
        self.admin.post("/api/catalog/products/batch", &json!({"products": [product]})).await?.expect(200)?;
        Ok(())
    }

    /// The texts of the mails delivered to `email`, once there are at least `count`.
    pub async fn mails_to(&self, email: &str, count: usize) -> Result<Vec<String>> {
        let root = self.environment.settings().root.join("mail");
        wait::until(&format!("{count} mails to {email}"), || async {
            let mut found = Vec::new();
            collect_mails(&root, email, &mut found)?;
            Ok((found.len() >= count).then_some(found))
        })
        .await
    }

    /// Waits until the shop has settled and checks every invariant, with the tool that an operator uses.
    pub async fn verify(&self) -> Result<()> {
        let settings = self.environment.settings();
        let mut command = Command::new(settings.bin_dir.join("souk"));
        command.arg("--root").arg(&settings.root).args(["verify", "--wait", "60"]).current_dir(&settings.project);
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        if !output.status.success() {
            bail!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// Whether `process` runs.
    pub fn is_running(&self, process: Process) -> bool {
        self.environment.is_running(process)
    }
}

fn account_credentials(email: &str) -> Value {
    json!({"email": email, "password": PASSWORD})
}

fn collect_mails(folder: &Path, email: &str, found: &mut Vec<String>) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect_mails(&path, email, found)?;
        } else if path.extension().is_some_and(|extension| extension == "eml") {
            let mail = fs::read_to_string(&path)?;
            if mail.lines().any(|line| line.starts_with("To:") && line.contains(email)) {
                found.push(mail);
            }
        }
    }
    Ok(())
}

//! The words that every mail of a language shares. What a mail itself says is in `templates/<language>/`.

use super::locale::Locale;
use super::template::Category;

/// The shared words of a language.
#[derive(Debug)]
pub struct Words {
    /// The sums of an order.
    pub goods: &'static str,
    pub discount: &'static str,
    pub shipping: &'static str,
    pub tax: &'static str,
    pub total: &'static str,
    /// One piece, several pieces.
    pub piece: &'static str,
    pub pieces: &'static str,
    /// The shop's name as a signature.
    pub signature: &'static str,
    /// Leads out of a kind of mail.
    pub stop: &'static str,
    /// January to December.
    pub months: [&'static str; 12],
    why_account: &'static str,
    why_orders: &'static str,
    why_stock: &'static str,
}

impl Words {
    /// The words of `locale`.
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::En => &EN,
            Locale::Pt => &PT,
        }
    }

    /// Why somebody gets a mail of this category.
    pub fn why(&self, category: Category) -> &'static str {
        match category {
            Category::Account => self.why_account,
            Category::Orders => self.why_orders,
            Category::Stock => self.why_stock,
        }
    }
}

static EN: Words = Words {
    goods: "Goods",
    discount: "Discount",
    shipping: "Shipping",
    tax: "Tax",
    total: "Total",
    piece: "piece",
    pieces: "pieces",
    signature: "Souk, the market hall",
    stop: "No more mails of this kind",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    why_account: "You get this mail because there is an account at Souk with your address.",
    why_orders: "You get this mail because you ordered at Souk.",
    why_stock: "You get this mail because you asked to be told.",
};

static PT: Words = Words {
    goods: "Artigos",
    discount: "Desconto",
    shipping: "Portes",
    tax: "Impostos",
    total: "Total",
    piece: "unidade",
    pieces: "unidades",
    signature: "Souk, o mercado",
    stop: "Não receber mais mensagens destas",
    months: [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    why_account: "Recebe esta mensagem porque existe uma conta no Souk com o seu endereço.",
    why_orders: "Recebe esta mensagem porque fez uma encomenda no Souk.",
    why_stock: "Recebe esta mensagem porque nos pediu este aviso.",
};

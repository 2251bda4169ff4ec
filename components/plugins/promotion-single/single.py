"""What a set of rules earns on a cart, where an order gets one discount: a second one is refused, whatever the rules say
about combining. Free shipping always comes on top. Amounts are integers in the currency's minor unit."""

from dataclasses import dataclass

# The largest amount that the interface carries.
MAX_MINOR = 2**63 - 1


@dataclass(frozen=True)
class Percentage:
    """Hundredths of a percent off, rounded half up to the minor unit."""

    hundredths: int


@dataclass(frozen=True)
class Fixed:
    """A fixed amount off."""

    off_minor: int


@dataclass(frozen=True)
class BuyGet:
    """Of every `buy + get` pieces, the `get` cheapest are free."""

    buy: int
    get: int


@dataclass(frozen=True)
class FreeShipping:
    """Shipping costs nothing."""


@dataclass(frozen=True)
class Rule:
    """The rule of one code. `skus` are those that it counts for; None: all."""

    code: str
    label: str
    benefit: Percentage | Fixed | BuyGet | FreeShipping
    min_subtotal_minor: int = 0
    skus: list[str] | None = None


@dataclass(frozen=True)
class Line:
    """A line of the cart."""

    sku: str
    quantity: int
    unit_price_minor: int


@dataclass(frozen=True)
class Earned:
    """What one code gives on this cart; the amount is zero or more."""

    code: str
    label: str
    amount_minor: int
    free_shipping: bool


class Refused(Exception):
    """Why a set of codes was refused: a stable code, and a message for the shopper."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


def earned(rules, lines):
    """What `rules` earn on `lines`, one for each; never more than the lines cost in sum."""
    if subtotal(lines) > MAX_MINOR:
        raise Refused("amount-too-large", "The order is too large; split it.")
    all_earned, first = [], None
    for rule in rules:
        counted = [line for line in lines if rule.skus is None or line.sku in rule.skus]
        amount_minor = amount_of(rule.benefit, counted)
        too_few = isinstance(rule.benefit, BuyGet) and amount_minor == 0
        if not counted or subtotal(counted) < rule.min_subtotal_minor or too_few:
            raise Refused("promotion-not-applicable", f"{rule.code} does not apply to this cart: {rule.label}.")
        free_shipping = isinstance(rule.benefit, FreeShipping)
        if not free_shipping:
            if first is not None:
                message = f"An order gets one discount: use {first.code} or {rule.code}."
                raise Refused("promotions-do-not-combine", message)
            first = rule
        all_earned.append(Earned(rule.code, rule.label, amount_minor, free_shipping))
    return all_earned


def subtotal(lines):
    return sum(line.quantity * line.unit_price_minor for line in lines)


def amount_of(benefit, lines):
    match benefit:
        case Percentage(hundredths):
            return min((subtotal(lines) * hundredths + 5_000) // 10_000, subtotal(lines))
        case Fixed(off_minor):
            return max(0, min(off_minor, subtotal(lines)))
        case BuyGet(buy, get):
            return free_pieces(lines, buy, get)
        case FreeShipping():
            return 0


def free_pieces(lines, buy, get):
    """The price of the cheapest pieces, as many as are free."""
    pieces = sum(line.quantity for line in lines)
    free = pieces // (buy + get) * get if get else 0
    amount_minor = 0
    for line in sorted(lines, key=lambda line: line.unit_price_minor):
        taken = min(free, line.quantity)
        free -= taken
        amount_minor += taken * line.unit_price_minor
    return amount_minor

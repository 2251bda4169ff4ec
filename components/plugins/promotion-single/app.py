"""Discounts by code for a shop that grants one discount per order, as a checkout plug-in in Python.

The rules are in `single.py`, which knows nothing of components; here they meet wit/checkout. The functions that are
imported from `wit_world` exist only inside the component: componentize-py makes them from the WIT.
"""

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports import promotions
from wit_world.imports.types import Refusal

import single


class Promotions(exports.Promotions):
    """The plug-in."""

    def apply(self, cart, rules):
        lines = [single.Line(line.sku, line.quantity, line.unit_price_minor) for line in cart.lines]
        try:
            earned = single.earned([rule_of(rule) for rule in rules], lines)
        except single.Refused as refused:
            raise Err(Refusal(refused.code, refused.message)) from None
        return [promotions.Discount(one.code, one.label, one.amount_minor, one.free_shipping) for one in earned]


def rule_of(rule):
    return single.Rule(rule.code, rule.label, benefit_of(rule.benefit), rule.min_subtotal_minor, rule.skus)


def benefit_of(benefit):
    match benefit:
        case promotions.Benefit_Percentage(hundredths):
            return single.Percentage(hundredths)
        case promotions.Benefit_FixedMinor(off_minor):
            return single.Fixed(off_minor)
        case promotions.Benefit_BuyXGetY(offer):
            return single.BuyGet(offer.buy, offer.get)
        case _:
            return single.FreeShipping()

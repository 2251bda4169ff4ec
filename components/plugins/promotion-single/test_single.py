"""python3 -m unittest discover components/plugins/promotion-single"""

import random
import unittest

from single import MAX_MINOR, BuyGet, FreeShipping, Fixed, Line, Percentage, Refused, Rule, earned, subtotal


def amounts(rules, lines):
    return [one.amount_minor for one in earned(rules, lines)]


class Rules(unittest.TestCase):
    def refused(self, code, rules, lines):
        with self.assertRaises(Refused) as caught:
            earned(rules, lines)
        self.assertEqual(caught.exception.code, code)

    def test_a_percentage_is_rounded_half_up(self):
        ten = [Rule("TEN", "", Percentage(1000))]
        self.assertEqual(amounts(ten, [Line("A", 1, 1234)]), [123])
        self.assertEqual(amounts(ten, [Line("A", 1, 1235)]), [124])

    def test_a_minimum_counts_what_the_rule_counts_for(self):
        five = Rule("FIVE", "", Fixed(500), 3000, ["A"])
        self.assertEqual(amounts([five], [Line("A", 3, 1000)]), [500])
        self.refused("promotion-not-applicable", [five], [Line("A", 1, 100), Line("B", 9, 1000)])
        self.assertEqual(amounts([Rule("FIVE", "", Fixed(500), 0, ["A"])], [Line("A", 1, 100)]), [100])

    def test_of_three_pieces_the_cheapest_is_free(self):
        offer = [Rule("3FOR2", "", BuyGet(2, 1))]
        self.assertEqual(amounts(offer, [Line("A", 2, 1000), Line("B", 1, 300)]), [300])
        self.refused("promotion-not-applicable", offer, [Line("A", 2, 1000)])

    def test_a_second_discount_is_refused_and_free_shipping_is_not(self):
        ten, five = Rule("TEN", "", Percentage(1000)), Rule("FIVE", "", Fixed(500))
        self.assertEqual(amounts([Rule("FREE", "", FreeShipping()), ten], [Line("A", 1, 1000)]), [0, 100])
        self.refused("promotions-do-not-combine", [five, ten], [Line("A", 1, 5000)])

    def test_what_does_not_fit_is_refused(self):
        self.refused("amount-too-large", [Rule("TEN", "", Percentage(1000))], [Line("A", 2, MAX_MINOR)])

    def test_a_discount_is_never_negative_never_more_than_the_subtotal_and_always_the_same(self):
        dice = random.Random(7)
        for _ in range(2000):
            lines = [Line(f"S{n}", dice.randint(1, 999), dice.randrange(10**7)) for n in range(dice.randint(1, 7))]
            benefits = [
                Percentage(dice.randrange(20_000)),
                Fixed(dice.randrange(-100, 10**9)),
                BuyGet(dice.randrange(5), dice.randrange(3)),
                FreeShipping(),
            ]
            picked = dice.sample(benefits, dice.randint(1, 2))
            rules = [Rule("C", "", benefit, 0, dice.choice([None, ["S0"]])) for benefit in picked]
            try:
                once = amounts(rules, lines)
            except Refused:
                continue
            self.assertTrue(all(amount >= 0 for amount in once))
            self.assertLessEqual(sum(once), subtotal(lines))
            self.assertEqual(once, amounts(rules, lines))


if __name__ == "__main__":
    unittest.main()

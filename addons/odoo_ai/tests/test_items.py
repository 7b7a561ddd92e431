from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import AssistantCase


@tagged("post_install", "-at_install")
class TestItems(AssistantCase):
    def test_a_rule_is_sent_with_all_its_fields(self):
        rule = self.rule(
            name=" Frete grátis ",
            text="Acima de R$ 200.",
            category="delivery",
            priority=80,
            valid_from=date(2026, 11, 1),
            valid_until=date(2026, 11, 30),
            audience="customers",
            questions="Tem frete grátis?\n\n  Quanto custa o frete? \n",
        )

        self.assertEqual(
            rule._odoo_ai_item(),
            {
                "id": str(rule.id),
                "title": "Frete grátis",
                "text": "Acima de R$ 200.",
                "category": "delivery",
                "priority": 80,
                "valid_from": "2026-11-01",
                "valid_until": "2026-11-30",
                "audience": "customers",
                "questions": ["Tem frete grátis?", "Quanto custa o frete?"],
            },
        )

    def test_an_own_category_is_sent_by_its_name(self):
        rule = self.rule(category="other", category_other="Bicicletas")
        self.assertEqual(rule._odoo_ai_item()["category"], "Bicicletas")

    def test_an_expired_rule_is_still_sent_because_the_server_knows_the_date(self):
        rule = self.rule(valid_until=date(2020, 1, 1))
        self.deliver()
        self.assertEqual(self.gateway.kind("rule")[str(rule.id)]["valid_until"], "2020-01-01")

    def test_a_promotion_names_its_variants_and_amounts_as_decimals(self):
        template = self.env["product.template"].create({"name": "Vaso", "company_id": self.company.id})
        promotion = self.env["odoo.ai.promotion"].create(
            {
                "name": "Semana do vaso",
                "text": "Vasos com desconto.",
                "discount_percent": 12.5,
                "promotional_price": 9.9,
                "product_tmpl_ids": [(6, 0, template.ids)],
                "coupon": "VASO",
            }
        )

        item = promotion._odoo_ai_item()
        self.assertEqual(item["discount_percent"], "12.50")
        self.assertEqual(item["promotional_price"], "9.90")
        self.assertEqual(item["product_ids"], [str(template.product_variant_id.id)])
        self.assertEqual(item["coupon"], "VASO")
        self.assertEqual(item["currency"], self.company.currency_id.name)

    def test_a_promotion_without_figures_sends_none(self):
        item = self.env["odoo.ai.promotion"].create({"name": "Brinde", "text": "Um brinde."})._odoo_ai_item()
        self.assertIsNone(item["discount_percent"])
        self.assertIsNone(item["promotional_price"])

    def test_a_schedule_in_minutes_and_clock_times(self):
        schedule = self.env["odoo.ai.schedule"].create(
            {
                "name": "Montagem",
                "duration": 1.5,
                "window_ids": [(0, 0, {"weekday": "1", "opens": 8.5, "closes": 24})],
                "min_advance_hours": 24,
                "cancellation_policy": "Até 24 h antes.",
                "rescheduling_policy": "Uma vez.",
            }
        )

        item = schedule._odoo_ai_item()
        self.assertEqual(item["duration"], 90)
        self.assertEqual(item["windows"], [{"weekday": 1, "opens": "08:30", "closes": "23:59"}])
        self.assertEqual(item["policies"], "Até 24 h antes.\nUma vez.")

    def test_a_holiday_is_closed_unless_it_has_hours(self):
        profile = self.env["odoo.ai.profile"].create(
            {
                "name": "Loja",
                "holiday_ids": [
                    (0, 0, {"day": date(2026, 12, 25), "name": "Natal"}),
                    (0, 0, {"day": date(2026, 12, 24), "is_open": True, "opens": 9, "closes": 13}),
                ],
            }
        )

        self.assertEqual(
            sorted(profile._odoo_ai_item()["holidays"], key=lambda each: each["day"]),
            [
                {"day": "2026-12-24", "name": "", "opens": "09:00", "closes": "13:00"},
                {"day": "2026-12-25", "name": "Natal"},
            ],
        )

    def test_wrong_input_is_refused_where_it_is_typed(self):
        self.assertRaises(ValidationError, self.rule, valid_from=date(2026, 2, 1), valid_until=date(2026, 1, 1))
        self.assertRaises(ValidationError, self.rule, priority=101)
        self.assertRaises(
            ValidationError,
            self.env["odoo.ai.promotion"].create,
            {"name": "Demais", "text": "Demais", "discount_percent": 120},
        )
        self.assertRaises(ValidationError, self.env["odoo.ai.document"].create, {"name": "Vazio", "text": " "})
        self.assertRaises(ValidationError, self.env["odoo.ai.schedule"].create, {"name": "Nada", "duration": 0})

    def test_a_company_has_one_profile(self):
        self.env["odoo.ai.profile"].create({"name": "Loja"})
        self.assertRaises(ValidationError, self.env["odoo.ai.profile"].create, {"name": "Loja de novo"})

from odoo.tests import tagged

from .common import AssistantCase


@tagged("post_install", "-at_install")
class TestProducts(AssistantCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        colour = cls.env["product.attribute"].create(
            {"name": "Cor", "value_ids": [(0, 0, {"name": "Azul"}), (0, 0, {"name": "Verde"})]}
        )
        engraving = cls.env["product.attribute"].create(
            {"name": "Gravação", "create_variant": "no_variant", "value_ids": [(0, 0, {"name": "Nome"}), (0, 0, {"name": "Data"})]}
        )
        cls.category = cls.env["product.category"].create({"name": "Canecas"})
        cls.template = cls.env["product.template"].create(
            {
                "name": "Caneca",
                "description_sale": "Cerâmica, 300 ml.",
                "list_price": 39.9,
                "categ_id": cls.category.id,
                "company_id": cls.company.id,
                "attribute_line_ids": [
                    (0, 0, {"attribute_id": each.id, "value_ids": [(6, 0, each.value_ids.ids)]})
                    for each in (colour, engraving)
                ],
            }
        )
        cls.blue, cls.green = cls.template.product_variant_ids.sorted("id")
        cls.blue.write({"default_code": "CAN-AZ", "barcode": "7890000000017"})
        cls.green.product_template_attribute_value_ids.price_extra = 5
        cls.env.cr.flush()

    def test_a_variant_is_sent_as_customers_ask_for_it(self):
        self.assertEqual(
            self.blue._odoo_ai_item(),
            {
                "id": str(self.blue.id),
                "name": "Caneca",
                "sku": "CAN-AZ",
                "barcode": "7890000000017",
                "description": "Cerâmica, 300 ml.",
                "category": self.category.complete_name,
                "attributes": {"Cor": "Azul", "Gravação": "Nome, Data"},
                "variant_of": f"template-{self.template.id}",
                "sale_ok": True,
                "odoo_id": self.blue.id,
                "currency": self.company.currency_id.name,
                "list_price": "39.90",
            },
        )
        self.assertEqual(self.green._odoo_ai_item()["list_price"], "44.90")

    def test_cost_is_never_sent(self):
        self.blue.standard_price = 12.34
        self.assertNotIn("12.34", str(self.blue._odoo_ai_item()))

    def test_changes_of_the_template_reach_all_variants(self):
        self.deliver()
        self.template.list_price = 49.9
        self.deliver()

        prices = {item["list_price"] for item in self.gateway.kind("product").values()}
        self.assertEqual(prices, {"49.90", "54.90"})
        self.assertEqual(self.template.odoo_ai_state, "synced")

    def test_names_kept_elsewhere_reach_the_products(self):
        self.deliver()
        self.category.name = "Copos"
        self.blue.product_template_attribute_value_ids.product_attribute_value_id.name = "Azul-claro"
        self.deliver()

        stored = self.gateway.kind("product")[str(self.blue.id)]
        self.assertIn("Copos", stored["category"])
        self.assertEqual(stored["attributes"]["Cor"], "Azul-claro")

    def test_what_cannot_be_sold_or_is_hidden_leaves_the_assistant(self):
        self.deliver()
        self.assertEqual(len(self.gateway.kind("product")), 2)
        self.blue.active = False
        self.deliver()
        self.assertEqual(list(self.gateway.kind("product")), [str(self.green.id)])
        self.template.odoo_ai_visible = False
        self.deliver()
        self.assertEqual(self.gateway.kind("product"), {})
        self.assertEqual(self.template.odoo_ai_state, "hidden")

        self.template.write({"odoo_ai_visible": True, "sale_ok": False})
        self.deliver()
        self.assertEqual(self.gateway.kind("product"), {})

    def test_a_deleted_product_leaves_the_assistant(self):
        self.deliver()
        self.template.unlink()
        self.deliver()
        self.assertEqual(self.gateway.kind("product"), {})

    def test_a_rejected_variant_shows_on_its_product(self):
        self.gateway.rejects = {str(self.green.id): "is too long"}
        self.deliver()

        self.assertEqual(self.blue.odoo_ai_state, "synced")
        self.assertEqual(self.template.odoo_ai_state, "rejected")
        self.assertEqual(self.template.odoo_ai_error, "text: is too long")

    def test_a_promotion_follows_the_variants_of_its_products(self):
        promotion = self.env["odoo.ai.promotion"].create(
            {"name": "Canecas", "text": "10 % em canecas.", "product_tmpl_ids": [(6, 0, self.template.ids)]}
        )
        self.deliver()
        self.green.active = False
        self.deliver()

        self.assertEqual(self.gateway.kind("promotion")[str(promotion.id)]["product_ids"], [str(self.blue.id)])

    def test_names_are_sent_in_the_language_of_the_connection(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.template.with_context(lang="en_US").name = "Mug"
        self.template.with_context(lang="pt_BR").name = "Caneca"
        self.connection.lang = "pt_BR"
        self.deliver()
        self.assertEqual(self.gateway.kind("product")[str(self.blue.id)]["name"], "Caneca")

        self.template.update_field_translations("name", {"pt_BR": "Caneca de chá"})
        self.deliver()
        self.assertEqual(self.gateway.kind("product")[str(self.blue.id)]["name"], "Caneca de chá")

    def test_a_product_of_all_companies_has_a_state_at_each(self):
        shared = self.env["product.template"].create({"name": "Pires", "company_id": False})
        self.deliver()
        elsewhere = self.env["res.company"].create({"name": "Outra"})
        self.env.user.write({"company_ids": [(4, elsewhere.id)]})

        self.assertEqual(shared.odoo_ai_state, "synced")
        self.assertEqual(shared.with_context(allowed_company_ids=elsewhere.ids).odoo_ai_state, "off")

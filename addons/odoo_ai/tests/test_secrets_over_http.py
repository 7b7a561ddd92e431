from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .gateway_server import KEY

MODELS = ("odoo.ai.connection", "odoo.ai.credential", "odoo.ai.item", "odoo.ai.outbox", "res.config.settings")


@tagged("post_install", "-at_install")
class TestSecretsOverHttp(HttpCase):
    """What a user can get through the web client's own requests."""

    def setUp(self):
        super().setUp()
        company = self.env.company
        company._odoo_ai_make_connection().write({"url": "http://127.0.0.1:9", "new_key": KEY})
        self.manager = new_test_user(self.env, "manager", groups="odoo_ai.group_odoo_ai_manager")
        self.administrator = new_test_user(self.env, "administrator", groups="base.group_system")

    def read_everything(self, login, model):
        self.authenticate(login, login)
        params = {"model": model, "method": "search_read", "args": [[]], "kwargs": {}}
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        return self.url_open(f"/web/dataset/call_kw/{model}/search_read", json=body).text

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_access")
    def test_no_user_is_given_the_key(self):
        for login in ("manager", "administrator"):
            for model in MODELS:
                answer = self.read_everything(login, model)
                self.assertNotIn(KEY, answer)
                self.assertNotIn("a" * 43, answer)
        self.assertIn("key_hint", self.read_everything("administrator", "odoo.ai.connection"))

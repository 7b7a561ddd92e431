import time

from odoo import models

from ..gateway import AccessRefused, GatewayError, RequestRefused

_PROBE_ID = "odoo-connection-test"


class OdooAiConnectionCheck(models.AbstractModel):
    """The test of a connection: each step really does what it says."""

    _name = "odoo.ai.connection.check"
    _description = "Test of a connection"

    def _check(self):
        """Answer one dictionary per step: name, ok, detail. A step that fails ends it."""
        gateway = self._gateway()
        steps = [
            (self.env._("The gateway answers"), self._check_health),
            (self.env._("The key is accepted and may read"), self._check_read),
            (self.env._("The key may write, and what is written is found"), self._check_round_trip),
            (self.env._("The key may ask the assistant"), self._check_ask),
        ]
        found = []
        for name, step in steps:
            try:
                found.append({"name": name, "ok": True, "detail": step(gateway)})
            except GatewayError as error:
                found.append({"name": name, "ok": False, "detail": f"{error.detail}\n{self._advice(error)}".strip()})
                break
        if all(each["ok"] for each in found):
            self._note_success()
            self._forget_pause()
        return found

    def _check_health(self, gateway):
        report = gateway.health()
        return self.env._("%(status)s, version %(version)s", status=report.get("status"), version=report.get("version"))

    def _check_read(self, gateway):
        return self.env._("%s rules are stored there", len(gateway.ids("rule")))

    def _check_round_trip(self, gateway):
        # Not active: it is stored and indexed like any other, and the assistant never uses it.
        probe = {"id": _PROBE_ID, "title": "Connection test", "text": f"Sent at {time.time()}", "active": False}
        started = time.monotonic()
        answer = gateway.change("rule", [probe], [], wait=True)
        if answer["rejected"]:
            raise RequestRefused(self.env._("the test rule was rejected"))
        seconds = time.monotonic() - started
        stored = gateway.item("rule", _PROBE_ID)
        gateway.change("rule", [], [_PROBE_ID])
        if stored.get("text") != probe["text"]:
            raise RequestRefused(self.env._("what was read back is not what was written"))
        if not answer["indexed"]:
            return self.env._("stored in %.1f s; the assistant did not confirm yet that it can find it", seconds)
        return self.env._("stored, and known to the assistant, in %.1f s", seconds)

    def _check_ask(self, gateway):
        # An empty question: the key is checked first, and no model is asked.
        try:
            gateway.ask({})
        except RequestRefused as error:
            if error.problem != "invalid-request":
                raise
        return self.env._("yes")

    def _advice(self, error):
        if error.problem in ("missing-key", "invalid-key"):
            return self.env._("Make a key with “odoo-ai key create <tenant>” and paste it in the settings.")
        if error.problem == "insufficient-scope":
            return self.env._("The key needs the scopes knowledge:read, knowledge:write and assistant:ask.")
        if error.problem == "unknown-tenant":
            return self.env._("The key's tenant is not set up at the gateway: “odoo-ai tenant apply”.")
        if isinstance(error, AccessRefused):
            return self.env._("Compare the address in the settings with the one of the gateway.")
        return ""

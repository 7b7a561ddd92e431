import json

from odoo import api, models
from odoo.exceptions import UserError

from .. import compat
from ..gateway import GatewayError, RequestRefused, error_lines
from .odoo_ai_item import KINDS, SOURCE_MODELS

WAIT_FOR_SENDER_SECONDS = 20
# More than this is not sent while somebody waits: it goes through the outbox, which shows how far it is.
MOST_INLINE = 5000
MOST_BODY_BYTES = 24 * 1024 * 1024
# Products that the backend reads from Odoo by itself; they are not this module's to remove.
PULLED_PREFIX = "odoo-pull-"
COUNTED = ("created", "updated", "unchanged", "removed")


class OdooAiFullSync(models.AbstractModel):
    """Makes the assistant of a company know exactly what Odoo has: the button “Synchronise”."""

    _name = "odoo.ai.full.sync"
    _description = "Full synchronisation"

    def _synchronise(self):
        """Send everything and answer what became of it: one dictionary per kind."""
        self.ensure_one()
        with self._only_sender(WAIT_FOR_SENDER_SECONDS) as mine:
            if not mine:
                raise UserError(self.env._("A synchronisation is running already. Try again in a moment."))
            if compat.is_testing():
                return self._synchronise_kinds()
            # A transaction that begins after the lock: it sees all that was sent before.
            with self.env.registry.cursor() as cr:
                connection = self.with_env(api.Environment(cr, self.env.uid, self.env.context, su=True))
                return connection._synchronise_kinds()

    def _synchronise_kinds(self):
        results = []
        for kind, _ in KINDS:
            result = {"kind": kind, "queued": 0, "rejected": [], "error": False, "indexed": False}
            result.update(dict.fromkeys(COUNTED, 0))
            try:
                self._synchronise_kind(kind, result)
            except GatewayError as error:
                result["error"] = error.detail
                self._note_failure(error)
                results.append(result)
                break
            results.append(result)
            compat.commit_progress(self.env, 0, 0)
        else:
            self._note_success()
        return results

    def _synchronise_kind(self, kind, result):
        rows = self.env["odoo.ai.outbox"].sudo()._open_rows(self.company_id, kind, ("pending", "dead"))
        records = self.env[SOURCE_MODELS[kind]]._odoo_ai_all(self)
        if len(records) > MOST_INLINE:
            return self._queue_all(kind, records, result)
        if kind == "document":
            return self._synchronise_documents(records, rows, result)
        items = {record._odoo_ai_item_id(): (record.id, record._odoo_ai_item()) for record in records}
        if len(json.dumps([item for _, item in items.values()], ensure_ascii=False).encode()) > MOST_BODY_BYTES:
            return self._queue_all(kind, records, result)
        answer = self._gateway().replace(kind, [item for _, item in items.values()], key="")
        self._count(result, answer)
        self._note_all(kind, items, answer, rows)
        return None

    def _count(self, result, answer):
        for each in COUNTED:
            result[each] += answer[each]
        result["indexed"] = answer["indexed"]
        result["rejected"] += [(each["id"], error_lines(each["errors"])) for each in answer["rejected"]]

    def _note_all(self, kind, items, answer, rows):
        """Afterwards the kind is exactly this, so everything that waited is done, except what was rejected."""
        item_model = self.env["odoo.ai.item"].sudo()
        rejected = {each["id"]: error_lines(each["errors"]) for each in answer["rejected"]}
        gone = item_model.search([("company_id", "=", self.company_id.id), ("kind", "=", kind)]).filtered(
            lambda item: item.item_id not in items
        )
        gone.unlink()
        item_model._note(
            self.company_id,
            kind,
            [
                (item_id, res_id, "rejected" if item_id in rejected else "synced", rejected.get(item_id), None)
                for item_id, (res_id, _) in items.items()
            ],
        )
        rows._mark_sent()

    def _queue_all(self, kind, records, result):
        """Let the outbox send a large catalogue, and delete what is no longer here."""
        local = {record._odoo_ai_item_id(): record.id for record in records}
        stored = {item_id for item_id in self._gateway().ids(kind) if not item_id.startswith(PULLED_PREFIX)}
        gone = stored - local.keys()
        targets = [(self.company_id.id, kind, item_id, res_id) for item_id, res_id in local.items()]
        targets += [(self.company_id.id, kind, item_id, 0) for item_id in sorted(gone)]
        self.env["odoo.ai.outbox"].sudo()._add_rows(targets)
        result["queued"] = len(targets)

    def _synchronise_documents(self, documents, rows, result):
        """Texts as items, files as uploads unless they are there already; then delete what is no longer here."""
        gateway = self._gateway()
        stored = gateway.ids("document")
        local = {document._odoo_ai_item_id(): document for document in documents}
        texts = documents.filtered(lambda document: document.content == "text")
        items = {document._odoo_ai_item_id(): (document.id, document._odoo_ai_item()) for document in texts}
        gone = sorted(stored - local.keys())
        answer = gateway.change("document", [item for _, item in items.values()], gone, wait=True)
        self._count(result, answer)
        rejected = {item_id: errors for item_id, errors in result["rejected"]}
        for document in documents - texts:
            reason = self._synchronise_file(document, stored, result)
            if reason:
                rejected[document._odoo_ai_item_id()] = reason
        everything = {item_id: (document.id, None) for item_id, document in local.items()}
        listed = [{"id": item_id, "errors": [{"field": "", "message": text}]} for item_id, text in rejected.items()]
        self._note_all("document", everything, {"rejected": listed}, rows)

    def _synchronise_file(self, document, stored, result):
        """Upload one file; answer why it was refused, or nothing."""
        item_id = document._odoo_ai_item_id()
        known = self.env["odoo.ai.item"].sudo().search(
            [("company_id", "=", self.company_id.id), ("kind", "=", "document"), ("item_id", "=", item_id)]
        )
        if item_id in stored and known.state == "synced" and known.digest == document._odoo_ai_file_digest():
            result["unchanged"] += 1
            return ""
        try:
            answer = self._upload(document)
        except RequestRefused as error:
            reason = error_lines(error.errors) or error.detail
            result["rejected"].append((item_id, reason))
            return reason
        for each in COUNTED:
            result[each] += answer[each]
        return ""

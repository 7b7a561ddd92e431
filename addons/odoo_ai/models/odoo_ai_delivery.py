import hashlib
import json
import logging
import time
from contextlib import contextmanager
from datetime import timedelta

from odoo import fields, models

from .. import compat
from ..gateway import AccessRefused, RequestRefused, Unavailable, error_lines
from .odoo_ai_item import SOURCE_MODELS

_logger = logging.getLogger(__name__)

ROWS_AT_ONCE = 500
MOST_BODY_BYTES = 4 * 1024 * 1024
# Below every limit for scheduled actions; what is left then is sent by the next run, which is asked for at once.
RUN_SECONDS = 50
FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 15 * 60
# An answer of 500 to one item alone, time after time, is the item's fault.
MOST_ATTEMPTS_AT_500 = 8
_LOCK_NAMESPACE = 0x0D00A1


def pause_seconds(failures, retry_after=0):
    """How long to wait after so many failures in a row: twice as long each time, and as long as the gateway asks."""
    pause = FIRST_PAUSE_SECONDS * 2 ** min(failures - 1, 10)
    return max(min(pause, LONGEST_PAUSE_SECONDS), retry_after)


class OdooAiDelivery(models.AbstractModel):
    """Sends what waits in the outbox of one company. Part of the connection; here is how, there is where to."""

    _name = "odoo.ai.delivery"
    _description = "Delivery to the assistant"

    @contextmanager
    def _only_sender(self, wait_seconds=0):
        """Answer whether this process is the only one that sends for the company, and keep it so.

        Without it an older state could overtake a newer one. The lock has a transaction of its own, because what is
        read under the lock must be read by a transaction that begins afterwards.
        """
        deadline = time.monotonic() + wait_seconds
        with self.env.registry.cursor() as cr:
            while True:
                cr.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", (_LOCK_NAMESPACE, self.company_id.id))
                mine = cr.fetchone()[0]
                if mine or time.monotonic() >= deadline:
                    break
                time.sleep(0.1)
            yield mine

    def _deliver_safely(self):
        """Deliver; whatever happens, the other companies get their turn and the scheduled action does not fail."""
        try:
            self._deliver()
        except Exception:  # a bug must not stop the queue for good: Odoo switches off actions that raise
            _logger.exception("odoo_ai: delivery for company %s failed", self.company_id.id)
            compat.roll_back(self.env)
            self._note_failure(Unavailable("internal error; the traceback stands in Odoo's log"))
            compat.commit_progress(self.env, 0, 0)

    def _deliver(self):
        """Send waiting rows until none is due, time is up, or the gateway does not take them."""
        self.ensure_one()
        outbox = self.env["odoo.ai.outbox"].sudo()
        deadline = time.monotonic() + RUN_SECONDS
        with self._only_sender() as mine:
            if not mine:
                return
            compat.commit_progress(self.env, 0, 0)
            while time.monotonic() < deadline and not self._is_paused():
                rows = self._due_rows()
                if not rows:
                    break
                self._send_rows(rows)
                compat.commit_progress(self.env, len(rows), 0)
            waiting = outbox.search(self._waiting_domain(), order="next_try", limit=1)
        if waiting:
            outbox._wake(at=max(waiting.next_try, self.retry_at or waiting.next_try))
            compat.commit_progress(self.env, 0, 0)

    def _is_paused(self):
        return bool(self.retry_at) and self.retry_at > fields.Datetime.now()

    def _waiting_domain(self):
        return [("company_id", "=", self.company_id.id), ("state", "=", "pending")]

    def _due_rows(self):
        due = self._waiting_domain() + [("next_try", "<=", fields.Datetime.now())]
        return self.env["odoo.ai.outbox"].sudo().search(due, order="id", limit=ROWS_AT_ONCE)

    def _send_rows(self, rows):
        """Send the newest state of what these rows are about, kind by kind; a passing failure ends it."""
        try:
            for kind in dict.fromkeys(rows.mapped("kind")):
                self._send_kind(kind, rows.filtered(lambda row, kind=kind: row.kind == kind))
        except (Unavailable, AccessRefused) as error:
            self._note_failure(error)
        else:
            self._note_success()

    def _send_kind(self, kind, rows):
        upserts, deletes = self._payloads(kind, rows)
        if kind == "document":
            upserts = self._send_files(upserts, rows)
        for items, ids in _chunks(upserts, deletes):
            self._send_chunk(kind, items, ids, rows)

    def _payloads(self, kind, rows):
        """What the records say now: items to store and ids to delete. A record that cannot be read is set aside."""
        reader = self.env[SOURCE_MODELS[kind]]._odoo_ai_reader(self)
        existing = reader.browse(rows.mapped("res_id")).exists()
        known = existing.filtered(lambda each: each._odoo_ai_is_visible() and each._odoo_ai_belongs_to(self.company_id))
        live = {record._odoo_ai_item_id(): record for record in known}
        upserts, deletes = {}, {}
        for item_id, res_id in {row.item_id: row.res_id for row in rows}.items():
            if item_id not in live:
                deletes[item_id] = res_id
                continue
            try:
                upserts[item_id] = (live[item_id].id, live[item_id]._odoo_ai_item())
            except Exception as error:  # one unreadable record must not hold up the others
                _logger.exception("odoo_ai: %s %s cannot be read", kind, item_id)
                unreadable = rows.filtered(lambda row, item_id=item_id: row.item_id == item_id)
                unreadable._mark_dead(self.env._("The record cannot be read: %s", error))
        return upserts, deletes

    def _send_chunk(self, kind, items, ids, rows):
        """Send items and deletions as one request; a request that is refused as a whole is split to find the culprit."""
        mine = rows.filtered(lambda row: row.item_id in items or row.item_id in ids)
        mine = mine.filtered(lambda row: row.state == "pending")
        if not mine:
            return
        upsert = [item for _, item in items.values()]
        try:
            answer = self._gateway().change(kind, upsert, list(ids), key=self._idempotency_key(mine, upsert, ids))
        except (RequestRefused, Unavailable) as error:
            if not self._is_contents_fault(error, mine, len(items) + len(ids)):
                mine._mark_failed(error.detail, self._retry_time(error))
                raise
            if len(items) + len(ids) > 1:
                for half in _halves(items, ids):
                    self._send_chunk(kind, *half, rows)
            else:
                self._note_refused(kind, items, ids, mine, error)
        except AccessRefused as error:
            mine._mark_failed(error.detail, self._retry_time(error))
            raise
        else:
            self._note_answer(kind, items, ids, mine, answer)

    def _is_contents_fault(self, error, rows, number):
        if isinstance(error, RequestRefused):
            return True
        tried = min(rows.mapped("attempts"))
        return error.status == 500 and tried >= (3 if number > 1 else MOST_ATTEMPTS_AT_500)

    def _idempotency_key(self, rows, upsert, ids):
        """The same for a repetition of the same request only.

        Row numbers alone are not enough: a restored database counts again from an earlier number.
        """
        body = json.dumps([upsert, sorted(ids)], sort_keys=True).encode()
        return f"odoo-{rows[0].id}-{rows[-1].id}-{hashlib.sha256(body).hexdigest()[:24]}"

    def _send_files(self, upserts, rows):
        """Upload the documents that are files; answer the others."""
        records = self.env["odoo.ai.document"]._odoo_ai_reader(self)
        files = {
            item_id: res_id for item_id, (res_id, _) in upserts.items() if records.browse(res_id).content == "file"
        }
        for item_id, res_id in files.items():
            mine = rows.filtered(lambda row, item_id=item_id: row.item_id == item_id)
            try:
                self._upload(records.browse(res_id))
            except RequestRefused as error:
                self._note_refused("document", {item_id: (res_id, {})}, {}, mine, error)
            except (Unavailable, AccessRefused) as error:
                mine._mark_failed(error.detail, self._retry_time(error))
                raise
            else:
                mine._mark_sent()
                self.env["odoo.ai.outbox"].sudo()._settle_older(self.company_id, "document", [item_id], mine[-1].id)
        return {item_id: item for item_id, item in upserts.items() if item_id not in files}

    def _upload(self, document):
        """Store a file at the gateway and note it."""
        name, content = document._odoo_ai_file()
        digest = document._odoo_ai_file_digest()
        item_id = document._odoo_ai_item_id()
        answer = self._gateway().upload(item_id, document.name, name, content, f"odoo-file-{item_id}-{digest[:32]}")
        result = (item_id, document.id, "synced", None, digest)
        self.env["odoo.ai.item"].sudo()._note(self.company_id, "document", [result])
        return answer

    # What became of it

    def _note_answer(self, kind, items, ids, rows, answer):
        rejected = {each["id"]: error_lines(each["errors"]) for each in answer["rejected"]}
        taken = [item_id for item_id in (*items, *ids) if item_id not in rejected]
        item_model = self.env["odoo.ai.item"].sudo()
        item_model._note(
            self.company_id,
            kind,
            [
                (item_id, res_id, "rejected" if item_id in rejected else "synced", rejected.get(item_id), None)
                for item_id, (res_id, _) in items.items()
            ],
        )
        item_model._forget(self.company_id, kind, [item_id for item_id in ids if item_id not in rejected])
        newest = rows[-1].id
        for row in rows.filtered(lambda row: row.item_id in rejected):
            row._mark_dead(rejected[row.item_id])
        rows.filtered(lambda row: row.item_id not in rejected)._mark_sent()
        self.env["odoo.ai.outbox"].sudo()._settle_older(self.company_id, kind, taken, newest)

    def _note_refused(self, kind, items, ids, rows, error):
        reason = error_lines(getattr(error, "errors", ())) or error.detail
        rows._mark_dead(reason)
        self.env["odoo.ai.item"].sudo()._note(
            self.company_id,
            kind,
            [(item_id, res_id, "rejected", reason, None) for item_id, (res_id, _) in items.items()],
        )

    def _note_failure(self, error):
        failures = self.failures + 1
        self.write(
            {
                "failures": failures,
                "last_error": error.detail,
                "last_error_at": fields.Datetime.now(),
                "retry_at": self._retry_time(error),
            }
        )
        _logger.warning("odoo_ai: company %s, failure %s in a row: %s", self.company_id.id, failures, error.detail)

    def _note_success(self):
        if self.failures or self.retry_at:
            self.write({"failures": 0, "retry_at": False})

    def _retry_time(self, error):
        return fields.Datetime.now() + timedelta(seconds=pause_seconds(self.failures + 1, error.retry_after))


def _chunks(upserts, deletes):
    """Parts of a change that fit into one request: items by id, and ids to delete."""
    items, size = {}, 0
    for item_id, (res_id, item) in upserts.items():
        length = len(json.dumps(item, ensure_ascii=False).encode())
        if items and size + length > MOST_BODY_BYTES:
            yield items, {}
            items, size = {}, 0
        items[item_id] = (res_id, item)
        size += length
    if items or deletes:
        yield items, deletes


def _halves(items, ids):
    both = [*items, *ids]
    for part in (both[: len(both) // 2], both[len(both) // 2 :]):
        yield {each: items[each] for each in part if each in items}, {each: ids[each] for each in part if each in ids}

"""All that differs between the Odoo series this module runs on, in one place."""

import odoo
from odoo import release


def is_testing():
    """Whether a test runs: then there is one transaction, which may be neither committed nor left."""
    return bool(odoo.modules.module.current_test)


def commit_progress(env, processed, remaining):
    """Commit what a scheduled action did so far and note how much is left."""
    if is_testing():
        env.flush_all()
        return
    cron = env["ir.cron"]
    if hasattr(cron, "_commit_progress"):  # 19
        cron._commit_progress(processed, remaining=remaining)
    else:
        cron._notify_progress(done=processed, remaining=remaining)
        env.cr.commit()  # pylint: disable=invalid-commit


def roll_back(env):
    """Give up what was not committed."""
    if is_testing():
        env.invalidate_all()
    else:
        env.cr.rollback()


def put_groups_into_section(env, groups, category):
    """Show groups under their own heading in the form of a user."""
    if "privilege_id" in env["res.groups"]._fields:  # 19
        privilege = env["res.groups.privilege"].search([("category_id", "=", category.id)], limit=1)
        if not privilege:
            privilege = env["res.groups.privilege"].create({"name": category.name, "category_id": category.id})
        groups.write({"privilege_id": privilege.id})
    else:
        groups.write({"category_id": category.id})


def http_timeout(connect, read):
    """Both limits of a request. The guard around HTTP in Odoo's tests compares the limit with a number."""
    return read if is_testing() else (connect, read)


def series():
    """The series, e.g. `19.0`."""
    return release.major_version

from __future__ import annotations

from pathlib import Path

import pytest

from common.errors import ConfigurationError
from common.tenant_files import load_draft, load_tenant_files

GOOD = """
tenant: acme
locale: pt-BR
timezone: America/Sao_Paulo
chatwoot:
  base_url: https://chat.example.com
  account_id: 1
  inbox_ids: [3]
  bot_token: ${ACME_BOT}
  webhook_secret: ${ACME_SECRET}
assistant:
  name: Lia
"""
ENVIRON = {"ACME_BOT": "bot-token-value", "ACME_SECRET": "webhook-secret-value"}


def write(folder: Path, **files: str) -> Path:
    (folder / "tenants").mkdir()
    for name, text in files.items():
        (folder / "tenants" / f"{name}.yaml").write_text(text)
    return folder


def test_variables_are_filled_in_from_the_environment(tmp_path: Path) -> None:
    tenants = load_tenant_files(write(tmp_path, acme=GOOD), ENVIRON)

    assert tenants["acme"].chatwoot.bot_token.get_secret_value() == "bot-token-value"
    assert tenants["acme"].profile.chatwoot_inbox_ids == (3,)


def test_a_variable_can_come_from_a_secret_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from-file\n")

    tenants = load_tenant_files(
        write(tmp_path, acme=GOOD), {"ACME_BOT": "x", "ACME_SECRET_FILE": str(tmp_path / "secret")}
    )

    secret = tenants["acme"].chatwoot.webhook_secret
    assert secret is not None
    assert [each.get_secret_value() for each in secret.any] == ["from-file"]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("name: Lia", "nmae: Lia"), "assistant.nmae"),
        (("account_id: 1", "account_id: one"), "chatwoot.account_id"),
        (("timezone: America/Sao_Paulo", "timezone: Mars/Olympus"), "timezone"),
        (("tenant: acme", "tenant: Acme!"), "tenant"),
        (("${ACME_BOT}", "${ACME_MISSING}"), "chatwoot.bot_token"),
        (("  webhook_secret: ${ACME_SECRET}\n", ""), "chatwoot"),
        (("webhook_secret: ${ACME_SECRET}", "webhook_secret: {agnt_bot: x}"), "chatwoot.webhook_secret.agnt_bot"),
        (("webhook_secret: ${ACME_SECRET}", "webhook_secret: {agent_bot: []}"), "chatwoot.webhook_secret"),
        (("webhook_secret: ${ACME_SECRET}", "webhook_secret: []"), "chatwoot.webhook_secret"),
        (("webhook_secret: ${ACME_SECRET}", "webhook_secret: ['', x]"), "chatwoot.webhook_secret.any.0"),
        (
            ("webhook_secret: ${ACME_SECRET}", "webhook_secret: {api_inbox: ['${NONE}']}"),
            "chatwoot.webhook_secret.api_inbox.0",
        ),
    ],
)
def test_a_wrong_file_names_file_and_key(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    write(tmp_path, acme=GOOD.replace(*change))

    with pytest.raises(ConfigurationError) as caught:
        load_tenant_files(tmp_path, ENVIRON)

    assert caught.value.file == "acme.yaml"
    assert caught.value.key == key
    assert "acme.yaml" in str(caught.value)
    assert key in str(caught.value)


def test_an_error_never_shows_a_secret(tmp_path: Path) -> None:
    write(tmp_path, acme=GOOD.replace("account_id: 1", "account_id: ${ACME_SECRET}"))

    with pytest.raises(ConfigurationError) as caught:
        load_tenant_files(tmp_path, ENVIRON)

    assert "webhook-secret-value" not in str(caught.value)


def test_a_draft_may_lack_the_secrets_that_are_about_to_be_made(tmp_path: Path) -> None:
    path = write(tmp_path, acme=GOOD) / "tenants" / "acme.yaml"

    draft = load_draft(path, {"ACME_BOT": "x"}, may_be_missing=("chatwoot.bot_token", "chatwoot.webhook_secret"))

    assert draft.missing == {"chatwoot.webhook_secret"}
    assert draft.variables == {"chatwoot.bot_token": "ACME_BOT", "chatwoot.webhook_secret": "ACME_SECRET"}
    assert draft.config.chatwoot.bot_token.get_secret_value() == "x"


@pytest.mark.parametrize(
    ("change", "key"),
    [(("base_url: https://chat.example.com", "base_url: ${NONE}"), "chatwoot.base_url"), (("Lia", "''"), "assistant")],
)
def test_everything_else_of_a_draft_must_be_right(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    path = write(tmp_path, acme=GOOD.replace(*change)) / "tenants" / "acme.yaml"

    with pytest.raises(ConfigurationError, match=key):
        load_draft(path, ENVIRON, may_be_missing=("chatwoot.bot_token",))


def test_broken_yaml_names_the_line(tmp_path: Path) -> None:
    write(tmp_path, acme="tenant: acme\nchatwoot: [\n")

    with pytest.raises(ConfigurationError, match=r"acme\.yaml.*line"):
        load_tenant_files(tmp_path, ENVIRON)


def test_two_tenants_cannot_claim_the_same_inbox(tmp_path: Path) -> None:
    write(tmp_path, acme=GOOD, beta=GOOD.replace("tenant: acme", "tenant: beta"))

    with pytest.raises(ConfigurationError, match="already belong"):
        load_tenant_files(tmp_path, ENVIRON)


def test_the_file_name_must_be_the_tenant(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"other\.yaml: tenant"):
        load_tenant_files(write(tmp_path, other=GOOD), ENVIRON)


def test_one_wrong_file_means_no_tenant_is_loaded(tmp_path: Path) -> None:
    write(tmp_path, acme=GOOD, beta="tenant: beta\n")

    with pytest.raises(ConfigurationError, match=r"beta\.yaml"):
        load_tenant_files(tmp_path, ENVIRON)

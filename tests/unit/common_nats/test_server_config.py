from __future__ import annotations

from pathlib import Path

import pytest

from common.nats.access import USERS, new_credential
from common.nats.server_config import ServerConfig, render_server_config


def test_every_write_is_synced_and_the_old_ack_format_is_kept() -> None:
    text = render_server_config(ServerConfig(store_dir=Path("/data/nats"), public_keys=None))

    assert "sync_interval: always" in text
    assert "feature_flags { js_ack_fc_v2: false }" in text
    assert 'store_dir: "/data/nats"' in text


def test_monitoring_is_off_unless_asked_for() -> None:
    assert "http:" not in render_server_config(ServerConfig(store_dir=Path("x"), public_keys=None))
    text = render_server_config(ServerConfig(store_dir=Path("x"), public_keys=None, monitoring_port=8222))
    assert 'http: "127.0.0.1:8222"' in text


def test_only_public_keys_are_written() -> None:
    credentials = [new_credential(user) for user in USERS]
    keys = {each.user: each.public_key for each in credentials}

    text = render_server_config(ServerConfig(store_dir=Path("x"), public_keys=keys))

    assert all(each.public_key in text and each.seed not in text for each in credentials)


def test_an_unknown_user_is_refused() -> None:
    with pytest.raises(KeyError):
        render_server_config(ServerConfig(store_dir=Path("x"), public_keys={"stranger": "U"}))

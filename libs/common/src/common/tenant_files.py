"""Tenant files: read, filled in from the environment, validated whole before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from common.errors import ConfigurationError
from common.settings import read_secret_file
from common.tenants import TenantConfig

_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)\}")


def load_tenant_files(config_dir: Path, environ: Mapping[str, str]) -> dict[str, TenantConfig]:
    """Read every `tenants/*.yaml` under the configuration folder.

    Raises:
        ConfigurationError: the first wrong file and key. All files are right, or none is used.
    """
    tenants: dict[str, TenantConfig] = {}
    for path in sorted((config_dir / "tenants").glob("*.yaml")):
        config = load_tenant_file(path, environ)
        if config.tenant in tenants:
            raise ConfigurationError(f"tenant {config.tenant!r} is defined twice", file=path.name, key="tenant")
        tenants[config.tenant] = config
    _refuse_shared_inboxes(tenants)
    return tenants


def load_tenant_file(path: Path, environ: Mapping[str, str]) -> TenantConfig:
    """Read one tenant file.

    Raises:
        ConfigurationError: names the file and the key, and never shows a value that may be secret.
    """
    return _named(_validated(_filled(_raw(path), environ, path.name, ""), path.name), path)


def _raw(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read: {type(error).__name__}", file=path.name) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark else ""
        raise ConfigurationError(f"is not valid YAML{place}", file=path.name) from error
    if not isinstance(raw, dict):
        raise ConfigurationError("must hold keys and values", file=path.name)
    return raw


def _named(config: TenantConfig, path: Path) -> TenantConfig:
    if config.tenant != path.stem:
        raise ConfigurationError(f"must be {path.stem!r}, the name of the file", file=path.name, key="tenant")
    return config


@dataclass(frozen=True)
class Draft:
    """A tenant file of which some secrets may not exist yet."""

    config: TenantConfig
    """With a placeholder for each of `missing`."""
    variables: Mapping[str, str]
    """Which variable a key is read from, for the keys whose whole value is one."""
    missing: frozenset[str]
    """The keys whose variable is not set."""


_PLACEHOLDER: Final = "a-secret-that-is-not-set-yet"


def load_draft(path: Path, environ: Mapping[str, str], *, may_be_missing: tuple[str, ...]) -> Draft:
    """Read one tenant file whose secrets are about to be made.

    Args:
        path: The file.
        environ: The environment.
        may_be_missing: Keys whose variables need not be set; also what stands below them counts.

    Raises:
        ConfigurationError: as for `load_tenant_file`, for everything else.
    """
    raw = _raw(path)
    variables = dict(_variables(raw, ""))
    missing = {
        key: name
        for key, name in variables.items()
        if f"{key}.".startswith(tuple(f"{each}." for each in may_be_missing))
        and not environ.get(name)
        and not environ.get(f"{name}_FILE")
    }
    filled = _filled(raw, {**environ, **dict.fromkeys(missing.values(), _PLACEHOLDER)}, path.name, "")
    return Draft(_named(_validated(filled, path.name), path), variables, frozenset(missing))


def _variables(value: Any, key: str) -> Iterator[tuple[str, str]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inside:
        yield from _variables(each, f"{key}.{name}".lstrip("."))
    whole = _VARIABLE.fullmatch(value) if isinstance(value, str) else None
    if whole:
        yield key, whole.group(1)


def _filled(value: Any, environ: Mapping[str, str], file: str, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _filled(each, environ, file, f"{key}.{name}".lstrip(".")) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, environ, file, f"{key}.{index}") for index, each in enumerate(value)]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _variable(match.group(1), environ, file, key), value)
    return value


def _variable(name: str, environ: Mapping[str, str], file: str, key: str) -> str:
    if environ.get(name):
        return environ[name]
    secret_file = environ.get(f"{name}_FILE")
    if secret_file:
        return read_secret_file(Path(secret_file), key=f"{file}: {key}: {name}_FILE")
    raise ConfigurationError(f"${{{name}}} is not set: set {name}, or {name}_FILE to a file", file=file, key=key)


def _validated(filled: dict[str, Any], file: str) -> TenantConfig:
    try:
        return TenantConfig.model_validate(filled)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        reason = "unknown key" if first["type"] == "extra_forbidden" else first["msg"]
        raise ConfigurationError(reason, file=file, key=".".join(map(str, first["loc"])) or None) from error


def _refuse_shared_inboxes(tenants: Mapping[str, TenantConfig]) -> None:
    """The legacy paths find the tenant by account and inbox, so no two tenants may claim the same one."""
    claimed: dict[tuple[str, int, int], str] = {}
    for name, config in tenants.items():
        for inbox in config.chatwoot.inbox_ids or (0,):
            place = (config.chatwoot.url, config.chatwoot.account_id, inbox)
            if place in claimed:
                raise ConfigurationError(
                    f"account {place[1]} and inbox {inbox or 'any'} already belong to tenant {claimed[place]!r}",
                    file=f"{name}.yaml",
                    key="chatwoot.inbox_ids",
                )
            claimed[place] = name

"""A cache for what only saves time: where Redis does not answer, it is empty, and people go on working more slowly."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger()


class ConvenienceCache(RedisCache):
    """Sessions and the like, which are in PostgreSQL too. Limits and locks belong into the default one, which fails."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default where there is none or nobody to ask."""
        try:
            return super().get(key, default, version)
        except RedisError as error:
            return _told(error, default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep the value for `timeout` seconds, where somebody is there to keep it."""
        try:
            super().set(key, value, timeout, version)
        except RedisError as error:
            _told(error, None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Whether something was deleted."""
        try:
            return bool(super().delete(key, version))
        except RedisError as error:
            return bool(_told(error, False))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Whether there is a value."""
        try:
            return bool(super().has_key(key, version))
        except RedisError as error:
            return bool(_told(error, False))


def _told(error: RedisError, instead: Any) -> Any:
    log.warning("redis does not answer", error=type(error).__name__)
    return instead

"""`frappe.cache` on a Redis, where `redis_cache` is configured: shared by all processes of a bench.

Names and behaviour are those of `redis_wrapper`, the store inside this process. A Redis that does not answer
counts as empty, so that the site goes on without it.
"""

import pickle
from functools import wraps

import redis
from frappe.utils.redis_wrapper import RedisWrapper


def _or_else(answer):
    """Let a method answer `answer()` while there is no Redis."""

    def decorate(method):
        @wraps(method)
        def wrapper(*args, **kwargs):
            try:
                return method(*args, **kwargs)
            except redis.exceptions.ConnectionError:
                return answer()

        return wrapper

    return decorate


def _nothing() -> None:
    return None


# Objects made of what Redis holds in a hash, by (full key, key), with the bytes that they were made of.
_shared: dict[tuple, tuple[bytes, object]] = {}


class RedisCache(redis.Redis):
    """A client of redis-py whose keys begin with the site's `db_name`; values are pickled."""

    make_key = RedisWrapper.make_key
    _prefix = staticmethod(RedisWrapper._prefix)
    _local = staticmethod(RedisWrapper._local)

    def __call__(self):
        return self

    def connected(self) -> bool:
        try:
            return bool(self.ping())
        except redis.exceptions.ConnectionError:
            return False

    def refresh(self) -> None:
        """Nothing to do: what other processes change is seen at once."""

    # --- keys

    @_or_else(list)
    def get_keys(self, key) -> list[bytes]:
        """Full keys that start with `key`."""
        return list(self.scan_iter(self.make_key(f"{key}*"), count=1000))

    @_or_else(int)
    def exists(self, *names, user=None, shared=None) -> int:
        """How many of the keys hold something."""
        return super().exists(*(self.make_key(name, user=user, shared=shared) for name in names))

    # --- values

    def set_value(self, key, val, user=None, expires_in_sec=None, shared=False) -> None:
        """Keep a value, for `expires_in_sec` seconds if given."""
        key = self.make_key(key, user, shared)
        if not expires_in_sec:
            self._local()[key] = val
        self._set(key, pickle.dumps(val), expires_in_sec)

    @_or_else(_nothing)
    def _set(self, key, value, expires_in_sec) -> None:
        self.set(key, value, ex=expires_in_sec or None)

    def get_value(self, key, generator=None, user=None, expires=False, shared=False):
        """The value, or what `generator` makes (and keeps) where there is none."""
        full_key = self.make_key(key, user, shared)
        local = self._local()
        if full_key in local:
            return local[full_key]
        raw = self._get(full_key)
        val = None if raw is None else pickle.loads(raw)
        if not expires:
            if val is None and generator:
                val = generator()
                self.set_value(key, val, user=user, shared=shared)
            else:
                local[full_key] = val
        return val

    @_or_else(_nothing)
    def _get(self, key):
        return self.get(key)

    def get_all(self, key) -> dict:
        """Values of all keys that start with `key`, by their own key."""
        own_keys = [full_key.decode().split("|", 1)[1] for full_key in self.get_keys(key)]
        return {own_key: self.get_value(own_key) for own_key in own_keys}

    def delete_value(self, keys, user=None, make_keys=True, shared=False) -> None:
        """Forget one key or several."""
        if not keys:
            return
        if not isinstance(keys, (list, tuple, set)):
            keys = (keys,)
        full = [self.make_key(key, shared=shared, user=user) if make_keys else key for key in keys]
        for key in full:
            self._local().pop(key, None)
        self._delete(full)

    @_or_else(_nothing)
    def _delete(self, keys) -> None:
        self.delete(*keys)

    def delete_key(self, *args, **kwargs) -> None:
        self.delete_value(*args, **kwargs)

    def delete_keys(self, key) -> None:
        """Forget all keys that start with `key`."""
        prefix, local = self.make_key(key), self._local()
        for name in [name for name in local if isinstance(name, bytes) and name.startswith(prefix)]:
            del local[name]
        self.delete_value(self.get_keys(key), make_keys=False)

    def clear_site(self, keep=()) -> None:
        """Forget everything of the site but the keys that start with one of `keep`."""
        kept = {name for key in keep for name in self.get_keys(key)}
        self.delete_value([name for name in self.get_keys("") if name not in kept], make_keys=False)

    # --- hashes

    def hset(self, name, key, value, shared=False) -> None:
        if key is None:
            return
        full = self.make_key(name, shared=shared)
        self._local().setdefault(full, {})[key] = value
        self._hset(full, key, pickle.dumps(value))

    @_or_else(_nothing)
    def _hset(self, full, key, raw) -> None:
        super().hset(full, key, raw)

    def hget(self, name, key, generator=None, shared=False):
        full = self.make_key(name, shared=shared)
        local = self._local().setdefault(full, {})
        if not key:
            return None
        if key in local:
            return local[key]
        raw = self._hget(full, key)
        if raw is not None:
            local[key] = value = pickle.loads(raw)
            return value
        if generator:
            value = generator()
            self.hset(name, key, value, shared=shared)
            return value
        return None

    @_or_else(_nothing)
    def _hget(self, full, key):
        return super().hget(full, key)

    def hget_shared(self, name, key):
        """As `hget`, for values that nobody changes: what is the same in Redis is the same object here."""
        full = self.make_key(name)
        local = self._local().setdefault(full, {})
        if key in local:
            return local[key]
        raw = self._hget(full, key)
        if raw is None:
            return None
        held = _shared.get((full, key))
        if held is None or held[0] != raw:
            held = _shared[(full, key)] = (raw, pickle.loads(raw))
        local[key] = held[1]
        return held[1]

    @_or_else(dict)
    def hgetall(self, name) -> dict[bytes, object]:
        held = super().hgetall(self.make_key(name))
        return {key: pickle.loads(value) for key, value in held.items()}

    @_or_else(bool)
    def hexists(self, name, key, shared=False) -> bool:
        if key is None:
            return False
        return super().hexists(self.make_key(name, shared=shared), key)

    @_or_else(list)
    def hkeys(self, name) -> list[bytes]:
        return super().hkeys(self.make_key(name))

    def hdel(self, name, key, shared=False) -> None:
        full = self.make_key(name, shared=shared)
        local = self._local().get(full)
        if local:
            local.pop(key, None)
        self._hdel(full, key)

    @_or_else(_nothing)
    def _hdel(self, full, key) -> None:
        super().hdel(full, key)

    def hdel_keys(self, name_starts_with, key) -> None:
        for name in self.get_keys(name_starts_with):
            self.hdel(name.decode().split("|", 1)[1], key)

    # --- lists and sets

    def lpush(self, key, value) -> int:
        return super().lpush(self.make_key(key), value)

    def rpush(self, key, value) -> int:
        return super().rpush(self.make_key(key), value)

    def lpop(self, key):
        return super().lpop(self.make_key(key))

    def rpop(self, key):
        return super().rpop(self.make_key(key))

    def llen(self, key) -> int:
        return super().llen(self.make_key(key))

    def lrange(self, key, start, stop) -> list[bytes]:
        return super().lrange(self.make_key(key), start, stop)

    def ltrim(self, key, start, stop) -> None:
        super().ltrim(self.make_key(key), start, stop)

    def sadd(self, name, *values) -> None:
        super().sadd(self.make_key(name), *values)

    def srem(self, name, *values) -> None:
        super().srem(self.make_key(name), *values)

    def sismember(self, name, value) -> bool:
        return bool(super().sismember(self.make_key(name), value))

    def spop(self, name):
        return super().spop(self.make_key(name))

    def smembers(self, name) -> set[bytes]:
        return super().smembers(self.make_key(name))

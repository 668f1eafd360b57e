"""`frappe.cache`: the API of Frappe's RedisWrapper over a store in this process.

Values are pickled on their way in and unpickled on their way out, so that nobody shares a mutable with the
store; within one request the same object is returned, from `frappe.local.cache`, exactly as Frappe does.

Other processes on the same site (a server, the command line) have stores of their own. Whoever invalidates
appends a byte to `locks/cache_version`; a process that finds more bytes than it knows of drops its store.
"""

import fnmatch
import os
import pickle
import threading
import time

import frappe

_COUNTERS = (b"rl:", b"rate-limit-counter-", b"login_failed_")
_VERSION_LIMIT = 1 << 20  # bytes; the version file starts again at this size


class _Store:
    """What one process holds of one site."""

    def __init__(self):
        self.values: dict[bytes, tuple[bytes, float | None]] = {}
        self.hashes: dict[bytes, dict[bytes, bytes]] = {}
        self.sets: dict[bytes, set] = {}
        self.lists: dict[bytes, list] = {}
        self.shared: dict[tuple, tuple[bytes, object]] = {}
        self.seen_version = None

    def spaces(self):
        return (self.values, self.hashes, self.sets, self.lists)

    def clear(self):
        """Forget all but the counters that guard the door: another process's news do not concern them."""
        for space in self.spaces():
            for key in [key for key in space if not key.partition(b"|")[2].startswith(_COUNTERS)]:
                del space[key]
        self.shared.clear()


def _bytes(value) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


class RedisWrapper:
    """In-process cache with the names and semantics of `frappe.cache` in Frappe v15."""

    def __init__(self):
        self._stores: dict[str, _Store] = {}
        self._lock = threading.RLock()

    def __call__(self):
        return self

    def connected(self) -> bool:
        return True

    def ping(self) -> bool:
        return True

    # --- keys

    def make_key(self, key, user=None, shared=False) -> bytes:
        if shared:
            return _bytes(key)
        if user:
            key = f"user:{frappe.session.user if user is True else user}:{key}"
        return f"{self._prefix()}|{key}".encode()

    @staticmethod
    def _prefix() -> str:
        return (frappe.local.get("conf") or {}).get("db_name") or ""

    @property
    def _store(self) -> _Store:
        site = frappe.local.get("site_path") or "."
        if not site.startswith("/"):
            site = os.path.abspath(site)
        store = self._stores.get(site)
        if store is None:
            store = self._stores.setdefault(site, _Store())
        return store

    @staticmethod
    def _local() -> dict:
        cache = frappe.local.get("cache")
        if cache is None:
            cache = frappe.local.cache = {}
        return cache

    def get_keys(self, key) -> list[bytes]:
        """Full keys that start with `key`."""
        pattern = self.make_key(f"{key}*").decode()
        with self._lock:
            keys = {name for space in self._store.spaces() for name in space}
        return [name for name in keys if fnmatch.fnmatchcase(name.decode(), pattern)]

    keys = get_keys

    def exists(self, *names, user=None, shared=None) -> int:
        """How many of the keys hold something."""
        with self._lock:
            store = self._store
            found = 0
            for name in (self.make_key(n, user=user, shared=shared) for n in names):
                held = self._read(store, name) is not None
                found += held or any(name in space for space in store.spaces()[1:])
            return found

    # --- values

    @staticmethod
    def _read(store, key):
        held = store.values.get(key)
        if held is None:
            return None
        value, expires_at = held
        if expires_at is not None and expires_at <= time.monotonic():
            store.values.pop(key, None)
            return None
        return value

    def set_value(self, key, val, user=None, expires_in_sec=None, shared=False) -> None:
        """Keep a value, for `expires_in_sec` seconds if given."""
        key = self.make_key(key, user, shared)
        if not expires_in_sec:
            self._local()[key] = val
        expires_at = time.monotonic() + expires_in_sec if expires_in_sec else None
        with self._lock:
            self._store.values[key] = (pickle.dumps(val), expires_at)

    def get_value(self, key, generator=None, user=None, expires=False, shared=False):
        """The value, or what `generator` makes (and keeps) where there is none."""
        full_key = self.make_key(key, user, shared)
        local = self._local()
        if full_key in local:
            return local[full_key]
        with self._lock:
            raw = self._read(self._store, full_key)
        val = None if raw is None else pickle.loads(raw)
        if not expires:
            if val is None and generator:
                val = generator()
                self.set_value(key, val, user=user, shared=shared)
            else:
                local[full_key] = val
        return val

    def get_all(self, key) -> dict:
        """Values of all keys that start with `key`, by their own key."""
        found = {}
        for full_key in self.get_keys(key):
            own_key = full_key.decode().split("|", 1)[1]
            found[own_key] = self.get_value(own_key)
        return found

    def delete_value(self, keys, user=None, make_keys=True, shared=False) -> None:
        """Forget one key or several."""
        if not keys:
            return
        if not isinstance(keys, (list, tuple, set)):
            keys = (keys,)
        full = [self.make_key(k, shared=shared, user=user) if make_keys else _bytes(k) for k in keys]
        for key in full:
            self._drop_again_after_commit(self._drop, key)
            self._drop(key)
        self._announce()

    def _drop(self, key: bytes) -> None:
        self._local().pop(key, None)
        store = self._store
        with self._lock:
            for space in store.spaces():
                space.pop(key, None)

    def delete_key(self, *args, **kwargs) -> None:
        self.delete_value(*args, **kwargs)

    def delete_keys(self, key) -> None:
        """Forget all keys that start with `key`."""
        prefix = self.make_key(key)
        self._drop_again_after_commit(self._drop_prefix, prefix)
        if self._drop_prefix(prefix):
            self._announce()

    def _drop_prefix(self, prefix: bytes) -> int:
        local = self._local()
        for name in [name for name in local if isinstance(name, bytes) and name.startswith(prefix)]:
            del local[name]
        store = self._store
        with self._lock:
            found = {name for space in store.spaces() for name in space if name.startswith(prefix)}
        for name in found:
            self._drop(name)
        return len(found)

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
        with self._lock:
            self._store.hashes.setdefault(full, {})[_bytes(key)] = pickle.dumps(value)

    def hget(self, name, key, generator=None, shared=False):
        full = self.make_key(name, shared=shared)
        local = self._local().setdefault(full, {})
        if not key:
            return None
        if key in local:
            return local[key]
        with self._lock:
            raw = self._store.hashes.get(full, {}).get(_bytes(key))
        if raw is not None:
            local[key] = value = pickle.loads(raw)
            return value
        if generator:
            value = generator()
            self.hset(name, key, value, shared=shared)
            return value
        return None

    def hget_shared(self, name, key):
        """As `hget`, for values that nobody changes: all requests of a server get the same object."""
        if not frappe.local.get("request"):
            return self.hget(name, key)
        full = self.make_key(name)
        local = self._local().setdefault(full, {})
        if key in local:
            return local[key]
        store = self._store
        with self._lock:
            raw = store.hashes.get(full, {}).get(_bytes(key))
        if raw is None:
            return None
        held = store.shared.get((full, key))
        if held is None or held[0] is not raw:
            held = store.shared[(full, key)] = (raw, pickle.loads(raw))
        local[key] = held[1]
        return held[1]

    def hgetall(self, name) -> dict[bytes, object]:
        with self._lock:
            held = dict(self._store.hashes.get(self.make_key(name), {}))
        return {key: pickle.loads(value) for key, value in held.items()}

    def hexists(self, name, key, shared=False) -> bool:
        if key is None:
            return False
        return _bytes(key) in self._store.hashes.get(self.make_key(name, shared=shared), {})

    def hkeys(self, name) -> list[bytes]:
        return list(self._store.hashes.get(self.make_key(name), {}))

    def hdel(self, name, key, shared=False) -> None:
        full = self.make_key(name, shared=shared)
        self._drop_again_after_commit(self._drop_field, full, key)
        self._drop_field(full, key)
        self._announce()

    def _drop_field(self, full: bytes, key) -> None:
        local = self._local().get(full)
        if local:
            local.pop(key, None)
        store = self._store
        with self._lock:
            held = store.hashes.get(full)
            if held:
                held.pop(_bytes(key), None)
                if not held:
                    del store.hashes[full]

    def hdel_keys(self, name_starts_with, key) -> None:
        for name in self.get_keys(name_starts_with):
            self.hdel(name.decode().split("|", 1)[1], key)

    # --- lists and sets

    def _list(self, key) -> list:
        return self._store.lists.setdefault(self.make_key(key), [])

    def lpush(self, key, value) -> int:
        self._list(key).insert(0, _bytes(value))
        return len(self._list(key))

    def rpush(self, key, value) -> int:
        self._list(key).append(_bytes(value))
        return len(self._list(key))

    def lpop(self, key):
        return self._list(key).pop(0) if self._list(key) else None

    def rpop(self, key):
        return self._list(key).pop() if self._list(key) else None

    def llen(self, key) -> int:
        return len(self._list(key))

    def lrange(self, key, start, stop) -> list[bytes]:
        """Elements from `start` to `stop`, both included; -1 is the last."""
        return self._list(key)[start : None if stop == -1 else stop + 1]

    def ltrim(self, key, start, stop) -> None:
        self._list(key)[:] = self.lrange(key, start, stop)

    def _set(self, name) -> set:
        return self._store.sets.setdefault(self.make_key(name), set())

    def sadd(self, name, *values) -> None:
        self._set(name).update(_bytes(value) for value in values)

    def srem(self, name, *values) -> None:
        self._set(name).difference_update(_bytes(value) for value in values)

    def sismember(self, name, value) -> bool:
        return _bytes(value) in self._set(name)

    def spop(self, name):
        return self._set(name).pop() if self._set(name) else None

    def smembers(self, name) -> set[bytes]:
        return set(self._set(name))

    # --- other threads and processes

    def _drop_again_after_commit(self, drop, *keys) -> None:
        """Until a change is committed other threads may put back what was true before: so forget it again."""
        db = frappe.local.get("db")
        if db is None or not getattr(db, "_writing", False):
            return
        if getattr(db, "stale_keys", None) is None:
            pending = db.stale_keys = {}

            def drop_all() -> None:
                db.stale_keys = None
                for function, arguments in pending:
                    function(*arguments)
                self._announce()

            db.after_commit.add(drop_all)
            db.after_rollback.add(lambda: setattr(db, "stale_keys", None))
        db.stale_keys[(drop, keys)] = True

    @staticmethod
    def _version_path() -> str | None:
        site_path = frappe.local.get("site_path")
        folder = os.path.join(site_path, "locks") if site_path else ""
        return os.path.join(folder, "cache_version") if os.path.isdir(folder) else None

    def _announce(self) -> None:
        """Tell other processes that something they may hold is no longer true."""
        path = self._version_path()
        if not path:
            return
        store = self._store
        with self._lock:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(handle, b".")
                if store.seen_version is not None:
                    store.seen_version += 1
                if os.fstat(handle).st_size > _VERSION_LIMIT:
                    os.ftruncate(handle, 0)
            finally:
                os.close(handle)

    def refresh(self) -> None:
        """Drop the store if another process has invalidated something since this was last asked."""
        path = self._version_path()
        if not path:
            return
        try:
            size = os.stat(path).st_size
        except FileNotFoundError:
            size = 0
        store = self._store
        with self._lock:
            if store.seen_version is not None and store.seen_version != size:
                store.clear()
                self._local().clear()
            store.seen_version = size


_in_this_process = RedisWrapper()
_on_redis: dict = {}  # clients by address


def setup_cache():
    """The cache that the configuration names: on `redis_cache` if it is given, else in this process."""
    url = (frappe.local.get("conf") or {}).get("redis_cache")
    if not url:
        return _in_this_process
    if url not in _on_redis:
        from frappe.utils.redis_cache import RedisCache

        _on_redis[url] = RedisCache.from_url(url)
    return _on_redis[url]

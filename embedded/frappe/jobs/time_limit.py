"""A limit on how long a block may run, in any thread."""

import ctypes
import signal
import threading


class JobTimeoutException(Exception):
    """A job ran longer than its timeout."""


class TimeLimit:
    """Context manager: raises JobTimeoutException inside the block after `seconds`.

    In the main thread a signal brings it, which ends a sleep or a read too. In another thread it comes
    between two steps of Python code, once a call that waits outside Python has returned. `interrupt` (a
    function to call) may cut short what neither reaches: a statement of the database.
    """

    def __init__(self, seconds: float, interrupt=None):
        self._interrupt = interrupt
        self._thread = threading.get_ident()
        self._by_signal = threading.current_thread() is threading.main_thread() and hasattr(
            signal, "pthread_kill"
        )
        self._guard = threading.Lock()
        self._over = self.fired = False
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True

    def _fire(self) -> None:
        with self._guard:
            if self._over:
                return
            self.fired = True
            if self._by_signal:
                signal.pthread_kill(self._thread, signal.SIGALRM)
            else:
                _raise_in(self._thread, JobTimeoutException)
            if self._interrupt:
                self._interrupt()

    def _on_alarm(self, _number, _frame) -> None:
        if not self._over:
            raise JobTimeoutException

    def __enter__(self) -> "TimeLimit":
        if self._by_signal:
            # Left in place afterwards: an alarm on its way must not meet the default, which ends the process.
            signal.signal(signal.SIGALRM, self._on_alarm)
        self._timer.start()
        return self

    def __exit__(self, kind, value, traceback) -> bool:
        try:
            self.stop()
        except JobTimeoutException:  # it came while the block was being left: the block is done
            self.stop()
        return False

    def stop(self) -> None:
        """No exception comes from here on, not even one that is on its way."""
        self._timer.cancel()
        self._over = True
        with self._guard:
            if self.fired and not self._by_signal:
                _raise_in(self._thread, None)


def _raise_in(thread: int, exception) -> None:
    target = ctypes.py_object(exception) if exception else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), target)

"""Starting workers: as a process of their own, or as threads beside a server."""

import signal
import threading

import frappe


class Background:
    """Threads that work for a site (or all) while a server answers: two workers and the scheduler.

    The second worker leaves the queue `long` alone, so that a long job does not keep the short ones waiting.
    """

    def __init__(self, sites_path: str, sites: list[str] | None = None, schedule: bool = True):
        from frappe.jobs.worker import Worker

        self._stopping = threading.Event()
        self._workers = [
            Worker(sites_path, sites),
            Worker(sites_path, sites, queues=["short", "default"]),
        ]
        self._threads = [
            threading.Thread(target=worker.run, name=f"jobs-{number}", daemon=True)
            for number, worker in enumerate(self._workers)
        ]
        if schedule:
            self._threads.append(
                threading.Thread(
                    target=self._schedule, args=(sites_path, sites), name="scheduler", daemon=True
                )
            )

    def _schedule(self, sites_path, sites) -> None:
        from frappe.utils.scheduler import run_scheduler

        run_scheduler(sites_path, sites, stopping=self._stopping)

    def start(self) -> "Background":
        for thread in self._threads:
            thread.start()
        return self

    def stop(self, timeout: float = 10) -> None:
        """Let the threads end after the jobs at hand, and wait for that up to `timeout` seconds each.

        A job that takes longer ends with the process, undone, and runs again at the next start.
        """
        self._stopping.set()
        for worker in self._workers:
            worker.stop()
        for thread in self._threads:
            thread.join(timeout)


def start_worker(
    queue=None, quiet: bool = False, burst: bool = False, sites: list[str] | None = None
) -> None:
    """Run jobs here; the first SIGTERM or SIGINT ends that after the job at hand, the second at once.

    Of the named sites, or of all of them; from RQ's queues if their configuration names a `redis_queue`.
    """
    from frappe._site import default_sites_path
    from frappe.jobs.worker import Worker
    from frappe.utils.background_jobs import get_queue_list, set_niceness

    sites_path = default_sites_path()
    with frappe.init_site(sites[0] if sites else None):
        queues = get_queue_list([name.strip() for name in queue.split(",")] if queue else None)
        set_niceness()
        on_redis = frappe.local.conf.redis_queue
    if on_redis:
        from frappe.jobs.redis_queue import work

        work(sites[0] if sites else None, queues, quiet, burst)
        return

    worker = Worker(sites_path, sites, queues, quiet)

    def end(number, _frame):
        signal.signal(number, signal.SIG_DFL)
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    worker.run(burst)

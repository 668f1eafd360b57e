"""Events to browsers. No browser is connected to this host, so an event has nobody to go to."""


def publish_realtime(
    event=None,
    message=None,
    room=None,
    user=None,
    doctype=None,
    docname=None,
    task_id=None,
    after_commit=False,
) -> None:
    """Send an event to everyone who listens: nobody."""


def publish_progress(percent, title=None, doctype=None, docname=None, description=None, task_id=None) -> None:
    """Show the progress of a job to whoever watches it: nobody."""

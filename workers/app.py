"""The Celery app: early acknowledgement, nothing fetched ahead, no results, one queue for each kind of stage."""

from __future__ import annotations

from celery import Celery

from repurpose.errors import UserError
from repurpose.settings import Settings


def app_for(settings: Settings) -> Celery:
    """An app on the settings' broker. Raises UserError when none is named."""
    if not settings.broker:
        raise UserError(
            "REPURPOSE_BROKER is not set, and workers need a broker. Start Redis and set REPURPOSE_BROKER=redis://localhost:6379/0."
        )
    app = Celery("repurpose", broker=settings.broker)
    app.conf.update(
        task_acks_late=False,  # a message that dies with its worker is not sent again by the broker: reap does that, from the rows
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,  # a long job must not sit on a message another worker could take
        worker_disable_prefetch=True,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        task_default_queue="cpu",
        task_create_missing_queues=True,
    )
    return app

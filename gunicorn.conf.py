"""Settings of the web server: the demo, the benchmarks and production use the same."""

import gc
import os
import shutil
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

_var = Path(os.environ.get("VAR_DIR", "var"))
_metrics = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(_var / "metrics")))

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "sync"
preload_app = False
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# Gunicorn 27 would write a control socket into the home directory.
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
accesslog = None  # ediary.middleware writes one JSON line a request
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "ediary.logs.Formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
if Path("/dev/shm").is_dir():  # noqa: S108  heartbeat files in memory
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def on_starting(_server: Any) -> None:
    """Begin with empty counters: files of dead processes would be added up."""
    shutil.rmtree(_metrics, ignore_errors=True)
    _metrics.mkdir(parents=True, exist_ok=True)


def post_worker_init(_worker: Any) -> None:
    """Leave what lives for ever out of garbage collection: a page makes thousands of small objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def child_exit(_server: Any, worker: Any) -> None:
    """Let the counters of a dead worker be summed, not kept as live."""
    multiprocess.mark_process_dead(worker.pid)

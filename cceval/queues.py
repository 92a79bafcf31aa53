"""How the worker takes work: late acknowledgement, one at a time, ids only, no results kept."""

from kombu import Queue

from cceval import env

_redis = env.read().redis_url

broker_url = _redis.replace("unix://", "redis+socket://", 1)
broker_transport_options = {
    "visibility_timeout": 900,  # longer than the longest task
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "global_keyprefix": "cceval:",
    "queue_order_strategy": "priority",  # a worker of several empties the first it names first
}
broker_connection_retry_on_startup = True
accept_content = ["json"]
task_serializer = "json"
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
worker_max_tasks_per_child = 200
task_time_limit = 600
worker_proc_alive_timeout = 60  # seconds: loading the layout engine and its fonts takes a few
task_default_queue = "default"
task_queues = [Queue(name, routing_key=name) for name in ("default", "pdf", "letters")]
task_create_missing_queues = False
worker_hijack_root_logger = False
timezone = "UTC"
beat_schedule = {
    "sweep": {"task": "core.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "milestones": {"task": "core.milestones", "schedule": 5.0, "options": {"expires": 5}},
    "checkpoints": {"task": "core.checkpoints", "schedule": 300.0, "options": {"expires": 300}},
}

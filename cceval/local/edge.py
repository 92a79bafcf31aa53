"""A private nginx before the web server: it stamps the arrival of each request."""

import os
import shutil
from pathlib import Path

from cceval.local.servers import NotStarted

# Bodies stay in memory: the buffer is as large as the largest body, so nothing of a bid is spooled.
CONFIG = """
{user}
daemon off; pid {folder}/nginx.pid; worker_processes 1; error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off; server_tokens off; default_type application/octet-stream;
  client_body_temp_path {memory}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_header_timeout 30s; client_body_timeout 30s; send_timeout 60s; keepalive_timeout 65s;
  client_max_body_size 12m; client_body_buffer_size 12m;
  upstream web {{ server unix:{socket}; }}
  server {{
    listen 127.0.0.1:{port}; {ipv6}
    proxy_request_buffering on; proxy_http_version 1.1; proxy_read_timeout 60s;
    proxy_set_header Host $http_host;
    proxy_set_header X-Arrival $msec;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host ""; proxy_set_header X-Real-IP "";
    proxy_set_header Remote-User ""; proxy_set_header Connection "";
    location / {{ proxy_pass http://web; }}
    location /verify/ {{
      proxy_pass http://web; client_max_body_size 21m; client_body_buffer_size 21m;
    }}
  }}
}}
"""


def configure(folder: Path, socket: Path, port: int) -> list[str]:
    """Write the configuration; return the command that runs it in the foreground."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        raise NotStarted("nginx is not installed. Install the package nginx-light.")
    folder.mkdir(parents=True, exist_ok=True)
    shared_memory = Path("/dev/shm")  # noqa: S108 -- memory, with a folder of our own inside
    memory = shared_memory / f"cceval-{os.getpid()}" if shared_memory.is_dir() else folder
    memory.mkdir(mode=0o700, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(
        CONFIG.format(
            user="user root;" if os.getuid() == 0 else "",
            folder=folder,
            memory=memory,
            socket=socket,
            port=port,
            ipv6=f"listen [::1]:{port};" if Path("/proc/net/if_inet6").exists() else "",
        )
    )
    return [program, "-p", str(folder), "-e", "stderr", "-c", str(config)]

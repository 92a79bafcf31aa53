"""A mail server that delivers into a folder: the demo's and the tests' own SMTP, on loopback.

`python -m cceval.local.sink PORT FOLDER`
"""

import asyncio
import secrets
import sys
import time
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class IntoFolder:
    """Keep each message as one .eml file, named by the time it came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        name = f"{time.time_ns()}-{secrets.token_hex(4)}"
        draft = self.folder / f"{name}.new"
        draft.write_bytes(envelope.content)
        draft.rename(self.folder / f"{name}.eml")
        return "250 kept"


async def serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(IntoFolder(folder), hostname="localhost"), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))

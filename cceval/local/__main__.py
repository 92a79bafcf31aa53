"""`./run demo`: start everything, load the demo case, say where it is, stop on Ctrl-C."""

import fcntl
import os
import signal
import sys
import time
from pathlib import Path

from cceval.local.servers import NotStarted
from cceval.local.stack import ROOT, Stack, clear, refuse_used_port


def say(text: str = "") -> None:
    print(text, flush=True)  # noqa: T201 -- the command's own output


def _show(stack: Stack) -> None:
    say()
    say(f"cceval is ready:  http://localhost:{stack.port}/")
    say(f"Mails and codes:  http://localhost:{stack.port}/outbox/")
    say()
    people = stack.people()
    width = max(len(person["email"]) for person in people)
    say("Sign in with an address and this password; one-time codes are on the outbox page.")
    say(f"  password: {people[0]['password']}")
    for person in people:
        secret = f"  TOTP {person['totp']}" if person.get("totp") else ""
        say(f"  {person['email']:<{width}}  {person['role']}{secret}")
    say()


def _lock(folder: Path) -> object:
    folder.mkdir(parents=True, exist_ok=True)
    handle = (folder / "lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise NotStarted(
            f"The demo runs already from {folder}. Stop it first with Ctrl-C."
        ) from None
    return handle


def _loading(stack_folder: Path) -> Path:
    """Return the mark that stands while the case is loaded into a folder that was empty before."""
    mark = stack_folder / "loading"
    interrupted = mark.exists()
    if interrupted:
        say("The last run was stopped while it loaded the demo case: it begins anew.")
    if interrupted or {one.name for one in stack_folder.iterdir()} <= {"lock"}:
        clear(stack_folder, keep=("lock", mark.name))  # a folder that was deleted left its database
        mark.touch()
    return mark


def demo(*, leave: bool) -> None:
    """Run the demo until Ctrl-C, or with `leave` until its decision report is signed."""
    folder = Path(os.environ.get("CCEVAL_VAR", ROOT / "var")).resolve()
    port = int(os.environ.get("PORT", "8000"))
    refuse_used_port(port)
    held = _lock(folder)
    loading = _loading(folder)
    stack = Stack(folder, port, given=os.environ)
    try:
        say("Starting the database, the broker and the web server …")
        stack.start_servers()
        stack.start_programs()
        say("Loading the demo case and producing its report …")
        report = stack.manage("seed_demo").strip().splitlines()[-1]
        loading.unlink(missing_ok=True)
        if leave:
            say(report)
            return
        _show(stack)
        say("Ctrl-C stops it.")
        while True:
            stack.supervisor.look()
            time.sleep(0.5)
    finally:
        stack.stop()
        del held


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        demo(leave="--exit" in sys.argv[1:])
    except KeyboardInterrupt:
        say("Stopped.")
    except (NotStarted, PermissionError) as error:
        print(error, file=sys.stderr)  # noqa: T201 -- one sentence, not a traceback
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

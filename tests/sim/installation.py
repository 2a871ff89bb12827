"""A whole Callwright in processes of its own, as an operator runs it, for journeys.

```python
with Installation(tmp_path / "one") as cloud:
    account = cloud.create_account("bob@example.com")
    account.write_service("reminder", first_page=pages.url("first"))
    [ref] = account.start("reminder", {"to": "sip:busy@example.com"})
    events = account.follow(ref)
```
"""

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, urlencode, urlsplit

READY_WITHIN: Final = 30.0
"""Seconds until a server must be ready; a bound, never waited out."""

ANSWERS_WITHIN: Final = 60.0
"""Seconds until the next event of a call must have come: longer than any ring timeout used."""

COMMAND: Final = (sys.executable, "-m", "callwright")
SERVICE_PASSWORD: Final = "p@$$w0rd"


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Installation:
    """One `callwright serve` on free loopback ports with a data folder of its own."""

    def __init__(
        self, data: Path, *, trunk: str = "sim:", settings: Mapping[str, str] | None = None
    ) -> None:
        """Describe it; entering the context starts it."""
        self.data = data
        self._trunk = trunk
        # Settings of the one who runs the tests are none of ours.
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CALLWRIGHT_")
        }
        self._environment["CALLWRIGHT_MEDIA_WORKERS"] = "1"
        # Web applications of the tests are on loopback.
        self._environment["CALLWRIGHT_ALLOWED_PAGE_NETWORKS"] = "127.0.0.0/8"
        for name, value in (settings or {}).items():
            self._environment[f"CALLWRIGHT_{name.upper()}"] = value
        self._process: subprocess.Popen[str] | None = None
        self.http = ("127.0.0.1", 0)
        self.sip = ("127.0.0.1", 0)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "server.log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [
                    *(*COMMAND, "serve", "--data", str(self.data), "--json"),
                    *("--http", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--trunk", self._trunk),
                ],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"callwright did not start:\n{self.log()}"
        ready = json.loads(line)
        self.http = _address(ready["http"])
        self.sip = _address(ready["sip"])

    def kill(self) -> None:
        """Kill the server and everything that it started, as a power cut would."""
        process = self._its_process()
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    def ask_to_stop(self) -> None:
        """Ask the server to stop; asked again, it does not wait for what is left to do."""
        self._its_process().terminate()

    def stop(self) -> int:
        """Ask the server to stop and wait until it has."""
        process = self._its_process()
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=READY_WITHIN)
        return process.returncode

    @property
    def pid(self) -> int:
        """The process id of the server's control process."""
        return self._its_process().pid

    def child(self, module: str) -> int:
        """Return the process id of the server's child that runs this module of ours."""
        parent = self.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
        [found] = [
            int(child)
            for child in children
            if module.encode() in Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        ]
        return found

    def log(self) -> str:
        """What the server wrote to standard error."""
        return (self.data / "server.log").read_text(encoding="utf-8")

    def command(self, *arguments: str) -> Any:
        """Run one of our commands that prints JSON."""
        done = subprocess.run(
            [*COMMAND, *arguments, "--data", str(self.data), "--json"],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=READY_WITHIN,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def run(self, *arguments: str, **environment: str) -> str:
        """Run one of our commands that asks the server; return what it printed."""
        host, port = self.http
        done = subprocess.run(
            [*COMMAND, *arguments, "--server", f"http://{host}:{port}"],
            env={**self._environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=READY_WITHIN,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def create_account(
        self, username: str, *, channels: int = 100, cps: float = 1000.0
    ) -> "AccountClient":
        """Create an account on the command line."""
        made = self.command(
            *("account", "create", username, "--type", "premium"),
            *("--channels", str(channels), "--cps", str(cps)),
        )
        return AccountClient(self, made["cloud_id"], made["username"], made["api_access_key"])

    def request(
        self,
        method: str,
        target: str,
        *,
        user: str = "",
        password: str = "",
        body: bytes | None = None,
        content_type: str = "application/json",
        authorization: str = "",
    ) -> Reply:
        """Send one request; `authorization` is the header's value instead of HTTP Basic."""
        connection = http.client.HTTPConnection(*self.http, timeout=ANSWERS_WITHIN)
        try:
            headers = _headers(user, password, body, content_type)
            if authorization:
                headers["Authorization"] = authorization
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()

    def events(self, target: str, *, user: str, password: str) -> Iterator[dict[str, Any]]:
        """Read server-sent events until the server ends them."""
        connection = http.client.HTTPConnection(*self.http, timeout=ANSWERS_WITHIN)
        try:
            connection.request("GET", target, headers=_headers(user, password, None, ""))
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            for line in answer:
                if line.startswith(b"data:"):
                    yield json.loads(line[5:])
        finally:
            connection.close()

    def _its_process(self) -> subprocess.Popen[str]:
        assert self._process is not None, "the server was not started"
        return self._process


@dataclass(frozen=True, slots=True)
class AccountClient:
    """A customer's program."""

    cloud: Installation
    cloud_id: str
    username: str
    key: str

    @property
    def user(self) -> str:
        """The Basic username of the account."""
        return f"{self.cloud_id}/{self.username}"

    @property
    def authorization(self) -> str:
        """The header's value that proves the account."""
        return _headers(self.user, self.key, None, "")["Authorization"]

    def write_service(
        self, name: str, *, first_page: str, options: Mapping[str, Any] | None = None, **rest: Any
    ) -> None:
        """Write a REST service; `rest` and `options` as in `write_inbound`."""
        configuration = {
            "service_password": SERVICE_PASSWORD,
            "application_type": "REST",
            "rest": {"first_page": {"address": first_page}} | rest,
        } | dict(options or {})
        reply = self.cloud.request(
            "PUT",
            f"/service/v1/outbound/{name}",
            user=self.user,
            password=self.key,
            body=json.dumps(configuration).encode(),
        )
        assert reply.status in {200, 201}, reply.body

    def write_inbound(
        self, name: str, *, first_page: str, options: Mapping[str, Any] | None = None, **rest: Any
    ) -> None:
        """Write an inbound REST service; `options` are further ones beside its `rest` object."""
        configuration = {
            "application_type": "REST",
            "rest": {"first_page": {"address": first_page}} | rest,
        } | dict(options or {})
        reply = self.cloud.request(
            "PUT",
            f"/service/v1/inbound/{name}",
            user=self.user,
            password=self.key,
            body=json.dumps(configuration).encode(),
        )
        assert reply.status in {200, 201}, reply.body

    def try_start(self, service: str, *calls: Mapping[str, Any], **parameters: str) -> Reply:
        """Ask for calls; `parameters` are further ones of the request, such as `unique_id`."""
        return self.cloud.request(
            "POST",
            "/service_start",
            user=f"{self.user}/{service}",
            password=SERVICE_PASSWORD,
            body=urlencode({"rest_calls": json.dumps(calls)} | parameters).encode(),
            content_type="application/x-www-form-urlencoded",
        )

    def start(self, service: str, *calls: Mapping[str, Any]) -> list[str]:
        """Ask for calls and return their references."""
        reply = self.try_start(service, *calls)
        assert reply.status == 200, reply.body
        refs: list[str] = reply.json
        return refs

    def follow(self, ref: str) -> list[dict[str, Any]]:
        """Return the events of a reference from its first to its last, waiting for it."""
        return list(self.watch(ref))

    def watch(self, ref: str) -> Iterator[dict[str, Any]]:
        """Read the events of a reference as they happen, until the last."""
        return self.cloud.events(
            f"/live/v1/events?service_ref={quote(ref)}", user=self.user, password=self.key
        )

    def status(self, *refs: str) -> dict[str, dict[str, Any]]:
        """Return what the server says of references."""
        answer: dict[str, dict[str, Any]] = self.get(
            "/service_status", service_refs="/".join(refs)
        ).json
        return answer

    def record(self, instance_id: str) -> dict[str, Any]:
        """Return the record of an instance."""
        reply = self.get("/application_status", application_instance_id=instance_id)
        assert reply.status == 200, reply.body
        answer: dict[str, Any] = reply.json
        return answer

    def record_of(self, ref: str) -> dict[str, Any]:
        """Return the record of the instance that a reference started."""
        return self.record(self.status(ref)[ref]["application_instance_id"])

    def get(self, path: str, **parameters: str) -> Reply:
        """Send one GET with the account's key."""
        return self.cloud.request(
            "GET", f"{path}?{urlencode(parameters)}", user=self.user, password=self.key
        )

    def delete(self, path: str) -> Reply:
        """Send one DELETE with the account's key."""
        return self.cloud.request("DELETE", path, user=self.user, password=self.key)


def _address(text: str) -> tuple[str, int]:
    """Read `http://HOST:PORT` or `HOST:PORT`."""
    parts = urlsplit(text if "//" in text else f"//{text}")
    assert parts.hostname is not None, text
    assert parts.port is not None, text
    return parts.hostname, parts.port


def _headers(user: str, password: str, body: bytes | None, content_type: str) -> dict[str, str]:
    headers: dict[str, str] = {}
    if user:
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        headers["Authorization"] = f"Basic {token}"
    if body is not None:
        headers["Content-Type"] = content_type
    return headers

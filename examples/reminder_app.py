"""An appointment reminder: the web application that Callwright asks what to say and do next.

Run it with `python examples/reminder_app.py --port 8090`. Then make a service whose first page is
`http://127.0.0.1:8090/first`, final page `/final` and error page `/error`, and start a call.
"""

import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Page = dict[str, Any]  # what a page is told: the instance info
Action = dict[str, Any]  # what it answers with: a list of these


def say(text: str) -> Action:
    return {"play": {"play_list": [{"text_to_say": text}]}}


def first_page(_info: Page) -> list[Action]:
    """The call was answered: greet, and ask for four keys."""
    ask = say("Please enter the last four digits of your customer number.")
    ask_for_four = {"next_page": {"url": "digits"}, "prompt": ask, "digit_count": 4}
    return [
        say("Hello. This is the dental practice, with a reminder of your appointment tomorrow."),
        {"get_number": ask_for_four},
        say("We did not get your number. Goodbye."),  # only when no next page was asked for
    ]


def digits_page(info: Page) -> list[Action]:
    """The keys are here: repeat them, and record an answer of up to five seconds."""
    number = info["action_result"]["result"]["entered_number"]
    record = {"next_page": {"url": "recorded"}, "seconds_max_duration": 5, "beep_on_start": True}
    return [
        say(f"Thank you. You entered {' '.join(number)}. Will you come? Speak after the beep."),
        {"record": record},
    ]


def recorded_page(info: Page) -> list[Action]:
    """The recording is in the account's media files, under the name that the page is told."""
    print("recorded:", info["action_result"]["result"]["filename"], flush=True)
    return [say("Thank you, and goodbye."), {"hang_up": {}}]


def final_page(info: Page) -> list[Action]:
    """The call is over, or never came about: busy, no answer, rejected end up here at once."""
    call = info["this_call"]
    print("call ended:", call["call_cause"], call["call_raw_cause"], flush=True)
    return []


def error_page(info: Page) -> list[Action]:
    """An answer of ours could not be carried out: say so to the called party."""
    print("error:", info["error_result"]["result"], flush=True)
    return [say("Sorry, something went wrong. Goodbye.")]


PAGES = {
    "/first": first_page,
    "/digits": digits_page,
    "/recorded": recorded_page,
    "/final": final_page,
    "/error": error_page,
}


class Pages(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        page = PAGES.get(self.path)
        if page is None:
            self.send_error(404)
            return
        info = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"api_version": "2.0", "actions": page(info)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_words: object) -> None:
        print("page", self.path, flush=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="A web application for a first call.")
    arguments.add_argument("--port", type=int, default=8090, help="0 takes a free port")
    server = ThreadingHTTPServer(("127.0.0.1", arguments.parse_args().port), Pages)
    print(f"pages on http://127.0.0.1:{server.server_port}/first", flush=True)
    server.serve_forever()

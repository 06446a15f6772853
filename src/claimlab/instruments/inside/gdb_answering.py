"""Runs inside gdb: hands over what a script found so that nobody else can have written it, or says what went wrong."""

import hashlib
import json
import sys
import traceback

import gdb

import __main__

SHOWN = 10  # lines of the transcript
FAILED, HINDERED = 1, 3  # exit codes; gdb's own are 0 and 1, and a shell's 126 and above


class Unfit(Exception):
    """This gdb cannot do, here, what is needed of it."""

    def __init__(self, what):
        super().__init__("gdb %s on this machine is of no use here: %s" % (gdb.VERSION, what))


class Hindered(Exception):
    """What was to be seen did not come about this time, and might another time."""


def answers(find, transcript=()):
    """What `find` makes of the order lies in the file of its name, and the last line printed has the file's SHA-256.

    gdb ends here in any case; with another exit code, and the reason on standard error, where there is no answer. The
    program may have made a file of that name, which is not touched then; what is changed later does not fit the line.
    """
    order = json.loads(__main__.ORDER)
    try:
        content = json.dumps(find(order)).encode()
        with open(order["answer"], "xb") as opened:
            opened.write(content)
        sys.stdout.write("\nSHA-256 of the answer: %s\n" % hashlib.sha256(content).hexdigest())
        code = 0
    except Exception as error:
        known = isinstance(error, (Hindered, Unfit))
        sys.stderr.write("\n".join([*transcript[-SHOWN:], str(error) + "\n" if known else traceback.format_exc()]))
        code = HINDERED if isinstance(error, Hindered) else FAILED
    sys.stdout.flush()
    sys.stderr.flush()
    gdb.execute("quit %d" % code)

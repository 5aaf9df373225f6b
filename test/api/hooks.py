"""What Schemathesis has to know beyond the OpenAPI document."""

import re
from datetime import datetime, timedelta, timezone

import schemathesis
from hypothesis import strategies as st

CURRENCIES = ["EUR", "USD", "GBP", "CHF", "JPY"]

# What a schema can't say of a request: whose a token is, what was sent before, which ids a path leaves no room for.
BEYOND_SCHEMAS = {
    "invalid_page_token",
    "invalid_cursor",
    "self_conversation",
    "reserved_user_id",
    "seq_out_of_range",
    "not_a_member",
    "url_not_allowed",
    "range_too_large",
    "attachment_too_large",
    "attachment_type_not_allowed",
    "idempotency_key_reused",
    "upgrade_required",
}

# Times are judged by the clock and by each other, and decimal places (x-maxDecimals) are no multiple of a binary number.
TIMES = ("/startTime", "/endTime", "/expiresAt", "/since", "/until", "/to")
# A counter may say what the offer's type is, and not change it.
TYPE = "/tradeType"
DECIMALS = ("/pricePerUnit", "/totalAmount")

LARGEST = 10 * 1024 * 1024

now = datetime.now(timezone.utc)

schemathesis.openapi.format("well-formed", st.text(min_size=1, max_size=200))
schemathesis.openapi.format("iso-4217", st.sampled_from(CURRENCIES))
schemathesis.openapi.format("bcp-47", st.sampled_from(["de", "de-AT", "zh-Hant-TW"]))
schemathesis.openapi.format("file-name", st.text(alphabet="abcdefghij äöü", min_size=1, max_size=100).map(str.strip).filter(bool))
schemathesis.openapi.format("display-name", st.text(alphabet="abcdefghij äöü", min_size=1, max_size=100).map(str.strip).filter(bool))
schemathesis.openapi.format("time-zone", st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe"]))
schemathesis.openapi.format(
    "day-or-time",
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)).flatmap(
        lambda time: st.sampled_from([time.date().isoformat(), time.isoformat(timespec="milliseconds") + "Z", time.isoformat(timespec="seconds") + "+05:45"])
    ),
)
# Every time of a request is one to come.
schemathesis.openapi.format(
    "date-time",
    st.datetimes(
        min_value=(now + timedelta(days=1)).replace(tzinfo=None),
        max_value=(now + timedelta(days=4 * 365)).replace(tzinfo=None),
    ).map(lambda time: time.isoformat(timespec="milliseconds") + "Z"),
)


# What a page token or cursor of the server looks like: a payload and its signature.
TOKEN = re.compile(r"[\w-]+\.[\w-]{43}")


@schemathesis.hook
def map_case(context, case):
    """Leaves out tokens that no response can have given, where the rest is in order: all that they get is a refusal."""
    if case.meta is not None and case.meta.generation.mode.is_positive:
        for given, name in ((case.query, "pageToken"), (case.query, "since"), (case.headers, "last-event-id")):
            if given and name in given and not TOKEN.fullmatch(str(given[name])):
                del given[name]
    return case


@schemathesis.hook
def map_body(context, body):
    """Rounds prices and amounts to the places that they may have, and says of files what they may be, so that offers and files are made and not only refused."""
    if isinstance(body, dict):
        bound(body)
        round_off(body, "pricePerUnit", 5, 1_000_000)
        round_off(body, "totalAmount", 3, 1_000_000_000)
    return body


def bound(file):
    """Which types there are and how large files may be is the server's to say, with statuses of their own."""
    media_type, size = file.get("mediaType"), file.get("size")
    if isinstance(media_type, str) and re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,80}", media_type):
        file["mediaType"] = "application/octet-stream" if file.get("sealed") is True else "text/csv"
    # What is out of bounds has to stay so.
    if type(size) is int and LARGEST < size < 2**53:
        file["size"] = LARGEST


def round_off(terms, name, places, maximum):
    value = terms.get(name)
    # What is out of bounds has to stay so.
    if isinstance(value, float) and 10**-places <= value <= maximum:
        terms[name] = round(value, places)


@schemathesis.check
def refused_for_a_reason_beyond_schemas(context, response, case):
    """A request that is as documented is refused only for what the schemas can't say."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code not in (400, 413, 415, 422, 426):
        return
    problem = response.json()
    if problem["code"] in BEYOND_SCHEMAS:
        return
    errors = problem.get("errors", [])
    if problem["code"] == "validation_failed" and errors and all(map(is_beyond_schemas, errors)):
        return
    raise AssertionError(f"A request in order was refused: {problem}")


def is_beyond_schemas(error):
    path = error["path"]
    return path.endswith(TIMES) or path == TYPE or (path.endswith(DECIMALS) and "decimals" in error["message"])

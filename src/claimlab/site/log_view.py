"""The page of what changed in verdicts from one build to another."""

from itertools import groupby

from markupsafe import Markup

from claimlab.site.data import SiteData
from claimlab.site.log import FEED, Log
from claimlab.site.reader import Reader
from claimlab.site.render import render


def log_body(site: SiteData, log: Log, reader: Reader) -> Markup:
    """All of the page below its title."""
    days = [
        (day, [(one, site.rows.get(one.claim)) for one in changes])
        for day, changes in groupby(log.changes, key=lambda one: one.date)
    ]
    feed = reader.uri("index").removesuffix("index.html") + FEED
    return render("log.html", reader, log=log, days=days, feed=feed)

"""Sources that no reference may be: addresses that a reader cannot open, or for whose words nobody answers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from stillwell.files import read_text
from stillwell.knowledge.schema import Reference

HOSTS = Path(__file__).parent / "refused_hosts.yaml"
_CHAPTER = re.compile(r"NBK\d+")
_GUIDELINE = re.compile(r"/guidance/((?:ng|cg|qs|ta|ph|dg)\d+)", re.IGNORECASE)
_NUMBERS = re.compile(r"[\d.]+|\[.*\]")


@cache
def _refused() -> list[tuple[re.Pattern[str], str]]:
    patterns = []
    for kind, hosts in yaml.safe_load(read_text(HOSTS)).items():
        for host in hosts:
            made = ".*".join(map(re.escape, host.split("*")))
            patterns.append((re.compile(made), kind))
    return patterns


def refused(address: str) -> str:
    """Why an address may not be cited, in a few words; "" where it may.

    >>> refused("https://library.bibliotheek.ehb.be:2400/topics/388"), refused("https://www.nice.org.uk/guidance/ng234")
    ('it names a port', '')
    >>> refused("http://47.251.13.32/a"), refused("https://www.scribd.com/document/1"), refused("ftp://who.int/a")
    ('a bare address of numbers', 'document sharing', 'no http address')
    """
    parts, host = urlsplit(address), _host(address)
    if parts.scheme not in ("http", "https") or not host:
        return "no http address"
    if _NUMBERS.fullmatch(host):
        return "a bare address of numbers"
    if parts.port is not None:
        return "it names a port"
    return next((kind for pattern, kind in _refused() if pattern.fullmatch(host)), "")


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def bad_reference(key: str, reference: Reference) -> list[str]:
    """What is wrong with a reference: a refused address, or too little to find the work by."""
    found = []
    if reference.url is not None and (why := refused(reference.url)):
        found.append(f"'{key}' may not be cited from {reference.url}: {why}")
    identified = reference.doi or reference.pmid or reference.pmcid
    dated = reference.year or reference.accessed
    if not identified and not (reference.journal and dated):
        found.append(f"'{key}' needs a doi, pmid or pmcid, or else journal (or publisher) and year")
    return found


def filed_number(reference: Reference) -> str | None:
    """The number under which a book chapter or a guideline is filed, where its entry names it: NBK559316, NG127.

    A page about a guideline on somebody else's site has none.
    """
    address = reference.url or ""
    if chapter := _CHAPTER.search(f"{reference.journal or ''} {address}"):
        return chapter[0]
    guideline = _GUIDELINE.search(address) if _host(address) == "nice.org.uk" else None
    return guideline[1].upper() if guideline else None


def same_works(references: dict[str, Reference]) -> list[tuple[str, str]]:
    """Pairs of keys that name one work: by identifier, or by address below the front page."""
    first: dict[str, str] = {}
    pairs = []
    for key, reference in references.items():
        marks = [f"doi {reference.doi.lower()}" if reference.doi else ""]
        marks += [f"pmid {reference.pmid}" if reference.pmid else "", reference.pmcid or ""]
        if reference.url and urlsplit(reference.url).path.strip("/"):
            parts = urlsplit(reference.url)
            marks.append(f"{_host(reference.url)}{parts.path.rstrip('/')}?{parts.query}".lower())
        for mark in filter(None, marks):
            if mark in first and first[mark] != key:
                pairs.append((first[mark], key))
            first.setdefault(mark, key)
    return list(dict.fromkeys(pairs))

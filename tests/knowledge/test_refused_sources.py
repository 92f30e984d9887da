"""Sources that no reference may be, and one key for each work."""

import re

import pytest

from stillwell.knowledge.loader import load
from stillwell.knowledge.refused import bad_reference, filed_number, refused, same_works
from stillwell.knowledge.schema import Reference

BASE, _ = load()


def reference(**fields):
    return Reference(title="A work", read="page", **fields)


@pytest.mark.parametrize(
    "address",
    [
        "https://bibliotheek.ehb.be:2400/topics/en-gb/388",
        "https://bestpractice-bmj-com.bibliotheek.ehb.be/topics/1",
        "http://47.251.13.51:8081/34533852",
        "https://ja.scribd.com/document/376547035",
        "https://rds.staging.tactuum.com/a",
        "https://uat.mimsdev.com/philippines/drug",
        "https://www.droracle.ai/articles/1",
        "https://etg-complete-oxy.netlify.app/a",
        "https://mohdsharilharun.blogspot.com/a",
        "studylib.net, document 6823367",
        "ftp://example.org/a",
    ],
)
def test_an_address_that_nobody_can_open_or_answers_for_is_refused(address):
    assert refused(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.nice.org.uk/guidance/ng234",
        "https://pubmed.ncbi.nlm.nih.gov/15956009/",
        "http://www.nhs.uk/conditions/heat-exhaustion-heatstroke/",
        "https://www.medicines.org.uk/emc/product/2678/smpc",
    ],
)
def test_an_official_address_is_taken(address):
    assert refused(address) == ""


def test_a_reference_needs_an_identifier_or_publisher_and_year():
    assert bad_reference("a", reference(doi="10.1/x")) == []
    assert bad_reference("a", reference(journal="NHS", year=2024, url="https://www.nhs.uk/a")) == []
    assert (
        bad_reference("a", reference(journal="NHS", accessed=2026, url="https://www.nhs.uk/a"))
        == []
    )
    assert bad_reference("a", reference(url="https://www.nhs.uk/a"))
    assert bad_reference("a", reference(journal="NHS"))


def test_two_keys_of_one_work_are_found_by_identifier_and_by_address():
    works = {
        "a": reference(doi="10.1001/JAMA.1"),
        "b": reference(doi="10.1001/jama.1"),
        "c": reference(url="https://www.nhs.uk/x/"),
        "d": reference(url="http://nhs.uk/x"),
        "e": reference(url="https://www.nhs.uk"),
        "f": reference(url="https://nhs.uk/"),
    }
    assert same_works(works) == [("a", "b"), ("c", "d")]


def test_the_base_holds_no_refused_source_and_no_work_twice():
    assert [text for key, r in BASE.references.items() for text in bad_reference(key, r)] == []
    assert same_works(BASE.references) == []


def test_a_figure_is_no_later_than_its_source():
    for nutrient in BASE.nutrients.values():
        for row in nutrient.intakes:
            keys = [row.cite] if isinstance(row.cite, str) else row.cite or []
            years = [BASE.references[k].year for k in keys if BASE.references[k].year]
            named = [int(y) for y in re.findall(r"\b(20[0-2]\d)\b", row.scope or "")]
            if years and named:
                assert max(named) <= max(years), (nutrient.id, row)


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"url": "https://www.ncbi.nlm.nih.gov/books/NBK482465/"}, "NBK482465"),
        ({"journal": "StatPearls Publishing (NCBI Bookshelf NBK559316)"}, "NBK559316"),
        ({"url": "https://www.nice.org.uk/guidance/ng127/chapter/Terms"}, "NG127"),
        ({"url": "https://gpnotebook.com/pages/x", "journal": "summary of NG127"}, None),
        ({"url": "https://www.nhs.uk/conditions/stroke"}, None),
    ],
)
def test_a_chapter_or_guideline_is_known_by_its_number(fields, number):
    assert filed_number(reference(**fields)) == number

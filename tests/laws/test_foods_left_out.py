"""Laws of what is left out: no food list, plan or report holds what an allergy, an illness or a way of eating rules out.

What a name must show is written here anew, in words that the code under test does not read.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwell.assess.plan import _foods
from stillwell.knowledge.store import knowledge
from stillwell.nutrition.foods.table import all_foods
from stillwell.nutrition.planner.limits import groups_of, said_limits
from stillwell.nutrition.planner.pool import candidates

KNOWN = knowledge()
# how people tell it -> words that betray it in a name
ALLERGIES = {
    "peanuts": r"peanut|satay|kung pao|pad thai",
    "tree nuts": r"almond|cashew|walnut|hazelnut|pecan|pistachio|brazil|macadamia|marzipan|praline|pesto|nougat|baklava",
    "Brazil nut": r"brazil|almond|cashew|walnut",
    "soya": r"\bsoy|tofu|tempeh|edamame|\bmiso\b|natto|teriyaki",
    "gluten": r"wheat|bread\b|barley|\brye|couscous|semolina|bulgur|pasta|spaghetti|macaroni|cracker|croissant|bagel|pretzel|pizza",
    "coeliac": r"wheat|bread\b|barley|\brye|couscous|pasta|bagel",
    "wheat": r"wheat|bread\b|couscous|semolina",
    "sesame": r"sesame|tahini|hummus|halva",
    "shellfish": r"shrimp|prawn|crab\b|lobster|mussel|oyster|clam\b|clams|scallop|squid|crayfish|scampi",
    "fish": r"salmon|tuna|cod\b|haddock|sardine|mackerel|trout|herring|anchov|halibut|tilapia|caviar",
    "egg": r"\begg\b|\beggs\b|omelet|mayonnaise|meringue|quiche|frittata",
    "milk": r"\bmilk\b|cheese|yogurt|\bbutter\b|\bcream\b|custard|\blatte\b|cappuccino|paneer|ghee",
}  # fmt: skip
WAYS = {
    "halal": r"pork|\bham\b|bacon|\bwine\b|\bbeer\b|vodka|whiskey|\brum\b",
    "kosher": r"pork|\bham\b|bacon|shrimp|lobster|crab\b|clam",
    "vegan": r"beef|chicken|pork|salmon|tuna|\bmilk\b|cheese|\begg\b|honey",
    "vegetarian": r"beef|chicken|pork|turkey|salmon|tuna|shrimp",
    "pescatarian": r"beef|chicken|pork|turkey|lamb|bacon",
    "hindu": r"beef|\bveal\b|hamburger|corned beef",
}
# names that hold a telling word without the thing, or say that it was left out
NOT_IT = re.compile(
    r"free|vegan|vegetarian|meatless|meat substitute|non.?dairy|imitation|nondairy|soy milk|almond milk|rice milk|"
    r"coconut milk|oat milk|milk, (?:almond|rice|coconut|soy)|soymilk|peanut butter|almond butter|cashew butter|"
    r"cocoa butter|shea|butter ?bean|buttern|cream of (?:wheat|rice|tartar)|crab ?apple|oyster mushroom|"
    r"ginger|root beer|buckwheat|bread ?fruit|excluding|without|no (?:egg|cheese|milk|meat)|eggplant|"
    r"vinegar|rum flavor|cream soda|milkfish|swedish fish|sweetbread|shortbread|apple butter|nut butter|"
    r"egg substitute|alcohol|beefsteak|breadnut|cracker jack|rice cracker|bread crumbs|corn|fish oil|"
    r"infant|baby|butter oil|buttery|margarine|scallopini|scalloped|vegetable oyster|salmonberr|lambsquarter|honeydew|honeycrisp|turkey bacon|headcheese|"
    r"soy yogurt|sesame butter|-like|oyster sauce|rice bread|cream cracker|cheese flavor",
    re.IGNORECASE,
)
FOODS = [(f.id, f.name) for f in all_foods()]


@pytest.mark.parametrize("told", [*ALLERGIES, *WAYS])
def test_every_food_whose_name_betrays_it_is_left_out(told):
    allergy = told in ALLERGIES
    kept = said_limits([], allergies=[told]) if allergy else said_limits([], avoids=[told])
    betrays = re.compile((ALLERGIES | WAYS)[told], re.IGNORECASE)
    telling = [n for _, n in FOODS if betrays.search(n) and not NOT_IT.search(n)]
    assert len(telling) >= 3, "the law looked at nothing"
    missed = [n for n in telling if not kept.forbids(groups_of(n), n)]
    assert not missed, missed[:20]


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.sampled_from(sorted(ALLERGIES)), max_size=3),
    st.sets(st.sampled_from(sorted(WAYS)), max_size=2),
)
def test_no_list_or_plan_holds_a_food_that_was_ruled_out(allergies, ways):
    kept = said_limits([], avoids=sorted(ways), allergies=sorted(allergies))
    betrays = [re.compile((ALLERGIES | WAYS)[w], re.IGNORECASE) for w in (*allergies, *ways)]
    listed = [
        f"{c.record.name} {c.portion}"
        for c in candidates()
        if not kept.forbids(c.holds, f"{c.record.name} {c.portion}")
    ]
    listed += [
        f"{f.food} {f.portion}" for n in KNOWN.base.nutrients.values() for f in _foods(n, kept)
    ]
    for name in listed:
        held = [b.pattern for b in betrays if b.search(name) and not NOT_IT.search(name)]
        assert not held, (name, held)


@pytest.mark.parametrize(
    ("dish", "groups"),
    [
        ("chicken satay", {"peanuts", "meat"}),
        ("pasta with pesto", {"nuts", "dairy", "gluten"}),
        ("marzipan fruits", {"nuts"}),
        ("tahini dressing", {"sesame"}),
        ("houmous and pitta", {"sesame", "pulses", "gluten"}),
        ("seitan stir fry", {"gluten"}),
        ("couscous salad", {"gluten"}),
        ("miso soup with tofu", {"soy"}),
        ("tempeh", {"soy"}),
        ("Caesar salad", {"fish", "egg", "dairy"}),
        ("Worcestershire sauce", {"fish"}),
        ("scampi and chips", {"shellfish"}),
        ("pain au chocolat", {"dairy", "gluten"}),
        ("coq au vin", {"alcohol"}),
        ("full English with black pudding", {"pork", "meat"}),
        ("cottage pie", {"beef", "meat"}),
        ("pâté on toast", {"liver", "gluten"}),
    ],
)
def test_a_dish_shows_what_its_name_hides(dish, groups):
    assert groups <= groups_of(dish)


@pytest.mark.parametrize(
    ("dish", "groups"),
    [
        ("eggplant", {"egg"}),
        ("peanut butter", {"dairy"}),
        ("coconut milk curry", {"dairy", "nuts"}),
        ("gluten-free bread", {"gluten"}),
        ("lactose-free milk", {"lactose"}),
        ("buckwheat noodles of buckwheat", {"shellfish"}),
        ("butternut squash with nutmeg", {"dairy", "nuts"}),
        ("ginger ale", {"alcohol"}),
        ("veggie burger, vegan", {"meat", "beef", "dairy"}),
        ("avocado", {"fish"}),
    ],
)
def test_a_name_that_only_sounds_like_it_is_kept(dish, groups):
    assert not groups & groups_of(dish)

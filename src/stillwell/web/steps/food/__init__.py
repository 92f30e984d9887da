"""What is eaten and drunk: days or a form, what was made of them, intakes against needs, ways to change."""

from stillwell.web.steps.food import amounts, days, leave_out, matches, often, start, ways

routes = [
    *start.routes,
    *days.routes,
    *matches.routes,
    *often.routes,
    *leave_out.routes,
    *amounts.routes,
    *ways.routes,
]

"""Lab sheets that people type, paste or upload, as rows to confirm."""

from stillwell.case.lab_sheet.model import Place, Row, Sheet, Unused
from stillwell.case.lab_sheet.read import labs_of, read_sheet

__all__ = ["Place", "Row", "Sheet", "Unused", "labs_of", "read_sheet"]
